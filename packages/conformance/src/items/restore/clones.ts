import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const clones: Item = {
  id: "restore/clones",
  title: "One snapshot restores as two actors at once, each with its own id.",
  rule: "actor-identity",
  about:
    "Restores one snapshot under two ids on two workers. New actors are restored from the golden snapshot of their template, all from the same one.",
  mistakes: "The identity saved with the snapshot; a file of the snapshot that the restore writes to.",
  needs: ["two-workers"],
  async run(bench) {
    const [one, two] = [await bench.worker(), await bench.worker()];
    await one.run(bench.actor());
    await one.probe.count();
    const snapshot = await one.checkpoint();
    const workers = [one, two];
    const actors = workers.map(() => bench.actor());
    await Promise.all(workers.map((worker, at) => worker.restore(actors[at] ?? bench.actor(), snapshot)));
    await one.probe.count();
    const states = await Promise.all(workers.map((worker) => worker.probe.count()));
    const ids = states.map(({ actorId }) => actorId);
    expectEqual(
      ids,
      actors.map(({ key }) => key.actorId),
      "the ids that the two found at /run/ate",
    );
    const counts = states.map(({ durable, file }) => durable ?? file);
    expectEqual(counts, [3, 2], "the counts in files of the two");
  },
};
