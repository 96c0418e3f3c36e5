import { expectSuccess } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { expectContinued } from "../prove.ts";

export const frozenCheckpoint: Item = {
  id: "extensions/frozen-checkpoint",
  title: "A frozen actor can be checkpointed, and is restored running.",
  rule: "extensions-freeze",
  about:
    "Freezes an actor, checkpoints it as it is, and asks it after its restore. Frozen actors are what a node suspends first.",
  mistakes: "A checkpoint that waits for the frozen processes, or a restored actor that is frozen still.",
  needs: ["freeze"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const before = await worker.probe.count();
    await expectSuccess(worker.extensions.freeze({}, { timeoutMs: 20_000 }), "Freeze");
    await worker.restore(actor, await worker.checkpoint());
    expectContinued(await worker.probe.state(), before, bench.scope);
  },
};
