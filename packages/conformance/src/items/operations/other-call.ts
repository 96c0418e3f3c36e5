import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { operation } from "../operation-headers.ts";
import { proveUnharmed } from "../prove.ts";

export const otherCall: Item = {
  id: "operations/other-call",
  title: "An operation id is refused for another call.",
  rule: "operation-other-call",
  about: "Sends CheckpointWorkload under the id of the RunWorkload that started the actor.",
  mistakes: "Answering by the id alone: a checkpoint with the empty result of a run.",
  needs: ["describe"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    const options = operation();
    await worker.run(actor, options);
    const before = await worker.probe.count();
    await expectRefusal(
      worker.callCheckpoint(actor, bench.scope, options),
      "CheckpointWorkload under the id of a RunWorkload",
    );
    await proveUnharmed(worker, actor, before);
  },
};
