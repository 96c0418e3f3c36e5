import { expectEqual, expectSuccess } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { operation } from "../operation-headers.ts";

export const afterRestart: Item = {
  id: "operations/after-restart",
  title: "The result of a checkpoint outlives the back end that took it.",
  rule: "operation-restart",
  about:
    "Checkpoints, kills the back end, starts it again and repeats the call under the same id. The actor is gone, so this answer is all that is left of it.",
  mistakes: "Recording results in memory only, or before the files are on the disk.",
  needs: ["describe", "command"],
  async run(bench) {
    const worker = await bench.ownWorker();
    const actor = bench.actor();
    await worker.run(actor);
    const options = operation();
    const names = await worker.callCheckpoint(actor, bench.scope, options);
    await worker.process.kill();
    const next = await bench.restart(worker);
    const repeated = next.callCheckpoint(actor, bench.scope, options);
    expectEqual(
      await expectSuccess(repeated, "the CheckpointWorkload repeated after a restart"),
      names,
      "the answer",
    );
  },
};
