import { Code } from "@connectrpc/connect";
import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { placeSnapshot } from "../../world/snapshot.ts";
import { operation } from "../operation-headers.ts";
import { expectContinued, proveUnharmed } from "../prove.ts";

export const olderGeneration: Item = {
  id: "operations/older-generation",
  title: "A call of an older generation is refused.",
  rule: "operation-generation",
  about:
    "Runs an actor under generation 7 and asks for its checkpoint under 6; then checkpoints it under 7, and asks the available worker for a run and a restore under 6. A call that was late on its way belongs to an assignment that is over.",
  mistakes:
    "Reading the header and forgetting to compare; comparing only with what executes, so that an available worker starts a state that is over.",
  needs: ["describe"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor, operation(undefined, 7));
    const before = await worker.probe.count();
    await expectRefusal(
      worker.callCheckpoint(actor, bench.scope, operation(undefined, 6)),
      "CheckpointWorkload of an older generation",
      Code.FailedPrecondition,
    );
    await proveUnharmed(worker, actor, before);

    const snapshot = await worker.checkpoint(operation(undefined, 7));
    await worker.prepare(actor);
    await expectRefusal(
      worker.callRun(actor, operation(undefined, 6)),
      "RunWorkload of an older generation on an available worker",
      Code.FailedPrecondition,
    );
    await placeSnapshot(snapshot, actor);
    await expectRefusal(
      worker.callRestore(actor, snapshot.scope, operation(undefined, 6)),
      "RestoreWorkload of an older generation on an available worker",
      Code.FailedPrecondition,
    );
    await worker.restore(actor, snapshot, operation(undefined, 8));
    expectContinued(await worker.probe.state(), before, snapshot.scope);
  },
};
