import { readdir } from "node:fs/promises";
import { expectEqual, expectSuccess } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { operation } from "../operation-headers.ts";

export const repeatedCheckpoint: Item = {
  id: "operations/repeated-checkpoint",
  title: "A repeated checkpoint is answered with the same names, and the files are as they were.",
  rule: "operation-id",
  about: "Sends CheckpointWorkload twice under one id. The second answer may be the only one that arrives.",
  mistakes: "FAILED_PRECONDITION, because nothing runs any more; or an empty list.",
  needs: ["describe"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const options = operation();
    const names = await worker.callCheckpoint(actor, bench.scope, options);
    const files = await readdir(actor.paths.checkpoint);
    const repeated = worker.callCheckpoint(actor, bench.scope, options);
    expectEqual(
      await expectSuccess(repeated, "the repeated CheckpointWorkload"),
      names,
      "the repeated answer",
    );
    expectEqual(await readdir(actor.paths.checkpoint), files, "the files after the repeated call");
  },
};
