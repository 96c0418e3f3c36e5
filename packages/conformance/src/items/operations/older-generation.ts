import { Code } from "@connectrpc/connect";
import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { operation } from "../operation-headers.ts";
import { proveUnharmed } from "../prove.ts";

export const olderGeneration: Item = {
  id: "operations/older-generation",
  title: "A call of an older generation is refused.",
  rule: "operation-generation",
  about:
    "Runs an actor under generation 7 and asks for its checkpoint under 6. A call that was late on its way belongs to an assignment that is over.",
  mistakes: "Reading the header and forgetting to compare.",
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
  },
};
