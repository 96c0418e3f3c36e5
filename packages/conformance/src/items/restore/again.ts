import type { Item } from "../../item.ts";
import { expectContinued } from "../prove.ts";

const generations = 3;

export const again: Item = {
  id: "restore/again",
  title: "A restored actor is checkpointed and restored again, and again.",
  rule: "restore-again",
  about: `Restores, counts and checkpoints ${generations} times over, on two workers in turn, then restores the very first snapshot once more.`,
  mistakes: "A snapshot that holds only what changed since the last one; a runtime that can restore once.",
  needs: ["two-workers"],
  async run(bench) {
    const workers = [await bench.worker(), await bench.worker()];
    const actor = bench.actor();
    let [worker, next] = workers as [(typeof workers)[0], (typeof workers)[0]];
    await worker.run(actor);
    const first = await worker.probe.count();
    const oldest = await worker.checkpoint();
    let snapshot = oldest;
    let before = first;
    for (let generation = 0; generation < generations; generation++) {
      await next.restore(actor, snapshot);
      expectContinued(await next.probe.state(), before, bench.scope);
      before = await next.probe.count();
      snapshot = await next.checkpoint();
      [worker, next] = [next, worker];
    }
    await next.restore(actor, oldest);
    expectContinued(await next.probe.state(), first, bench.scope);
  },
};
