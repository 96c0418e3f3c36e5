import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { type Belongings, countBelongings } from "../../world/belongings.ts";

/** Before the first count: caches fill, and what is made once is made. */
const warmUpCycles = 5;
const settleTimeoutMs = 10_000;

export const cycles: Item = {
  id: "leaks/cycles",
  title: "Hundreds of wakes leave nothing that adds up.",
  rule: "process-no-leak",
  about:
    "Restores, asks and checkpoints an actor --cycles times, and compares the back end's processes, mounts, network namespaces, packet filter rules, files below the base path and open descriptors with those after the first five times. A worker lives for weeks.",
  mistakes: "A descriptor for each call; a mount, a rule or a log file for each actor.",
  needs: ["command"],
  isLong: true,
  timeoutMs: 24 * 3_600_000,
  async run(bench) {
    const worker = await bench.ownWorker();
    const actor = bench.actor();
    await worker.run(actor);
    let snapshot = await worker.checkpoint();
    const perform = async (count: number) => {
      for (let cycle = 0; cycle < count; cycle++) {
        bench.signal.throwIfAborted();
        await worker.restore(actor, snapshot);
        await worker.probe.count();
        const next = await worker.checkpoint();
        await bench.discard(snapshot);
        snapshot = next;
      }
    };
    const count = () => countBelongings(worker, bench.shared.paths);
    await perform(warmUpCycles);
    const before = await settledCount(count);
    await perform(bench.settings.cycles);
    let after = await count();
    const deadline = performance.now() + settleTimeoutMs;
    while (grown(before, after).length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      after = await count();
    }
    const lines = grown(before, after).map((kind) => `${kind}: ${before[kind]}, now ${after[kind]}`);
    expect(
      lines.length === 0,
      `after ${bench.settings.cycles} cycles there is more than before: ${lines.join("; ")}`,
    );
  },
};

/** What is made ahead after a checkpoint is there when two counts in a row are the same. */
async function settledCount(count: () => Promise<Belongings>): Promise<Belongings> {
  const deadline = performance.now() + settleTimeoutMs;
  let last = await count();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    const next = await count();
    if (JSON.stringify(next) === JSON.stringify(last) || performance.now() > deadline) return next;
    last = next;
  }
}

function grown(before: Belongings, after: Belongings): (keyof Belongings)[] {
  return (Object.keys(before) as (keyof Belongings)[]).filter((kind) => after[kind] > before[kind]);
}
