import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const noSignal: Item = {
  id: "checkpoint/no-signal",
  title: "The actor is given no signal at a checkpoint.",
  rule: "checkpoint-no-signal",
  about:
    "The probe notes each signal that it is given; it is asked for them after its restore. A program that ends on SIGTERM would be stored as it ends.",
  mistakes: "Stopping the container in the usual way before or after its state is saved.",
  needs: ["full"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const snapshot = await worker.checkpoint({ scope: "full" });
    await worker.restore(actor, snapshot);
    expectEqual((await worker.probe.state()).signals, [], "the signals that the actor was given");
  },
};
