import { expectEqual, expectSuccess } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { operation } from "../operation-headers.ts";

/** Long enough for the operation to begin, and shorter than the readiness that it waits for. */
const hangUpAfterMs = 700;

export const lostReply: Item = {
  id: "operations/lost-reply",
  title: "A start whose caller hung up is finished, and its repetition answered.",
  rule: "operation-lost-reply",
  about:
    "Hangs up while RunWorkload waits for readiness, and repeats the call under the same id: it has to succeed, with the workload that the first call began.",
  mistakes: "Ending the workload with the call's context, as many servers do by themselves.",
  needs: ["describe"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor({ containers: [{ env: { PROBE_READY_AFTER_MS: "2000" } }] });
    await worker.prepare(actor);
    const options = operation();
    const signal = AbortSignal.timeout(hangUpAfterMs);
    await worker.callRun(actor, { ...options, signal }).catch(() => undefined);
    await expectSuccess(
      worker.callRun(actor, options),
      "the repetition of a RunWorkload whose caller hung up",
    );
    expectEqual((await worker.probe.state()).actorId, actor.key.actorId, "the actor that runs");
  },
};
