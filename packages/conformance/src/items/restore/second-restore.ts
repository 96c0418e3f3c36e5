import { Code } from "@connectrpc/connect";
import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { placeSnapshot } from "../../world/snapshot.ts";
import { proveUnharmed } from "../prove.ts";

export const secondRestore: Item = {
  id: "restore/second-restore",
  title: "An executing worker refuses a restore.",
  rule: "run-one-actor",
  about:
    "Restores an actor where another runs. It has to be refused, and the one that runs to answer as before.",
  mistakes: "The check in RunWorkload only.",
  async run(bench) {
    const worker = await bench.worker();
    const other = bench.actor();
    await worker.run(other);
    const snapshot = await worker.checkpoint();
    const actor = bench.actor();
    await worker.run(actor);
    const before = await worker.probe.count();
    await worker.prepare(other);
    await placeSnapshot(snapshot, other);
    await expectRefusal(
      worker.callRestore(other, snapshot.scope),
      "RestoreWorkload on an executing worker",
      Code.FailedPrecondition,
    );
    await proveUnharmed(worker, actor, before);
  },
};
