import { join } from "node:path";
import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { takeSnapshot } from "../../world/snapshot.ts";
import { expectContinued } from "../prove.ts";

export const twoCheckpoints: Item = {
  id: "concurrency/two-checkpoints",
  title: "Of two checkpoints at once, one is taken, and it is whole.",
  rule: "run-one-at-a-time",
  about:
    "Sends CheckpointWorkload twice at the same time, without operation ids, and restores from what was reported.",
  mistakes: "Two writers in one directory.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const before = await worker.probe.count();
    const outcomes = await Promise.allSettled([worker.callCheckpoint(actor), worker.callCheckpoint(actor)]);
    const taken = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expectEqual(taken.length, 1, "the number of checkpoints that succeeded");
    const names = taken[0]?.value ?? [];
    expect(names.length > 0, "no file was reported");
    const folder = join(bench.shared.snapshotsFolder, `${actor.key.actorId}-one-of-two`);
    const snapshot = await takeSnapshot(actor, bench.scope, names, folder);
    await worker.restore(actor, snapshot);
    expectContinued(await worker.probe.state(), before, bench.scope);
  },
};
