import { extensions } from "@agent-substrate/contract";
import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import type { Worker } from "../../world/worker.ts";

export const status: Item = {
  id: "extensions/status",
  title: "GetStatus tells what the worker runs.",
  rule: "extensions-status",
  about: "Asks before a run, while the actor runs, and after its checkpoint.",
  mistakes: "A state that is set when a call begins and never set back when it fails.",
  needs: ["describe"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    const available = extensions.GetStatusResponse_State.AVAILABLE;
    expectEqual((await statusOf(worker)).state, available, "the state before a run");
    await worker.run(actor);
    const running = await statusOf(worker);
    expectEqual(running.state, extensions.GetStatusResponse_State.EXECUTING, "the state while an actor runs");
    expectEqual(running.actor?.actorId, actor.key.actorId, "the actor that runs");
    await worker.checkpoint();
    expectEqual((await statusOf(worker)).state, available, "the state after the checkpoint");
  },
};

function statusOf(worker: Worker) {
  return worker.extensions.getStatus({}, { timeoutMs: 5_000 });
}
