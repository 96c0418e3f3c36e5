import { Code } from "@connectrpc/connect";
import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveUnharmed } from "../prove.ts";

export const secondRun: Item = {
  id: "run/second-run",
  title: "An executing worker refuses another actor.",
  rule: "run-one-actor",
  about: "Runs a second actor where one runs. It has to be refused, and the first one to answer as before.",
  mistakes: "Preparing the second start, its network or files, before looking whether the worker is free.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const before = await worker.probe.count();
    const other = bench.actor();
    await worker.prepare(other);
    await expectRefusal(
      worker.ateom.runWorkload(
        { ...other.request, runtimeAssetPaths: bench.shared.assets },
        { timeoutMs: 50_000 },
      ),
      "RunWorkload on an executing worker",
      Code.FailedPrecondition,
    );
    await proveUnharmed(worker, actor, before);
  },
};
