import { expectEqual, expectSuccess } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { operation } from "../operation-headers.ts";

export const repeatedRun: Item = {
  id: "operations/repeated-run",
  title: "A repeated start is answered with success and starts nothing.",
  rule: "operation-id",
  about:
    "Sends RunWorkload twice under one `ate-operation-id`. A node repeats a call whose reply it did not get; a refusal would make it give up an actor that runs.",
  mistakes: "FAILED_PRECONDITION, because the worker is executing by now: by this very operation.",
  needs: ["describe"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    const options = operation();
    await worker.run(actor, options);
    const { birth } = await worker.probe.count();
    await expectSuccess(worker.callRun(actor, options), "the repeated RunWorkload");
    const after = await worker.probe.state();
    expectEqual(after.birth === birth, true, "whether the actor is still the same process");
  },
};
