import { validateDns1123Label } from "@agent-substrate/contract";
import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const describe: Item = {
  id: "extensions/describe",
  title: "Describe tells class, version, scopes and a boot id.",
  rule: "extensions-describe",
  about:
    "Looks whether what Describe says is possible. Placement goes by the class, and what is offered to actors by the capabilities.",
  mistakes: "An empty message, which declares nothing, not even a scope.",
  needs: ["describe"],
  async run(bench) {
    const worker = await bench.worker();
    const said = await worker.extensions.describe({}, { timeoutMs: 5_000 });
    validateDns1123Label("sandbox_class", said.sandboxClass);
    expect(said.contractVersion >= 1, `contract_version is ${said.contractVersion}`);
    expect(said.bootId !== "", "boot_id is empty");
    expect(bench.declaration.scopes.length > 0, "no scope is declared that there is");
    expect(!said.requiredAssets.includes(""), "a required asset has no name");
  },
};
