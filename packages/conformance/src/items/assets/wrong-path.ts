import { expect, expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveAvailable } from "../prove.ts";
import { requiredAssets } from "../required-assets.ts";

export const wrongPath: Item = {
  id: "assets/wrong-path",
  title: "An asset that is not where the call says is refused.",
  rule: "run-required-assets",
  about: "Sends a path where there is nothing.",
  mistakes: "An error of the operating system without the asset's name or path, or a start that hangs.",
  needs: ["assets"],
  async run(bench) {
    const worker = await bench.worker();
    const [name = ""] = requiredAssets(bench);
    const actor = bench.actor();
    await worker.prepare(actor);
    const runtimeAssetPaths = {
      ...bench.shared.assets,
      [name]: `${bench.shared.assets[name] ?? ""}-not-there`,
    };
    const call = worker.ateom.runWorkload({ ...actor.request, runtimeAssetPaths }, { timeoutMs: 50_000 });
    const { rawMessage } = await expectRefusal(
      call,
      "RunWorkload with the path of an asset that is not there",
    );
    expect(rawMessage.includes(name), `the refusal does not name the asset ${name}: ${rawMessage}`);
    await proveAvailable(bench, worker);
  },
};
