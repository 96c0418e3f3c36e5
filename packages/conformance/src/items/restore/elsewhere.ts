import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { expectContinued } from "../prove.ts";

export const elsewhere: Item = {
  id: "restore/elsewhere",
  title: "A snapshot restores on another worker, and the actor goes on.",
  rule: "restore-elsewhere",
  about:
    "Counts to two, checkpoints, restores on a worker of another process, and goes on counting. This is what a back end is for.",
  mistakes:
    "State that the back end keeps to itself: a directory of the worker, a cache in its memory, a path that names the worker.",
  needs: ["two-workers"],
  async run(bench) {
    const [one, two] = [await bench.worker(), await bench.worker()];
    const actor = bench.actor();
    await one.run(actor);
    await one.probe.count();
    const before = await one.probe.count();
    await two.restore(actor, await one.checkpoint());
    expectContinued(await two.probe.state(), before, bench.scope);
    const after = await two.probe.count();
    expectEqual(after.memory, bench.scope === "full" ? 3 : 1, "the next count in memory");
  },
};
