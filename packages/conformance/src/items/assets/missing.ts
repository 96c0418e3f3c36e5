import { expect, expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveAvailable } from "../prove.ts";
import { requiredAssets } from "../required-assets.ts";

export const missing: Item = {
  id: "assets/missing",
  title: "A call without an asset that the back end needs is refused by its name.",
  rule: "run-required-assets",
  about: "Sends no assets at all. Whoever wrote a SandboxConfig has to learn which one is missing.",
  mistakes:
    "Falling back to a program of the same name on this machine, which is of another version on the next.",
  needs: ["assets"],
  async run(bench) {
    const worker = await bench.worker();
    const [name = ""] = requiredAssets(bench);
    const actor = bench.actor();
    await worker.prepare(actor);
    const runtimeAssetPaths = {};
    const call = worker.ateom.runWorkload({ ...actor.request, runtimeAssetPaths }, { timeoutMs: 50_000 });
    const { rawMessage } = await expectRefusal(call, "RunWorkload without assets");
    expect(rawMessage.includes(name), `the refusal does not name the asset ${name}: ${rawMessage}`);
    await proveAvailable(bench, worker);
  },
};
