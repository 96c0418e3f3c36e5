import { join } from "node:path";
import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { takeSnapshot } from "../../world/snapshot.ts";
import { expectContinued } from "../prove.ts";

export const runAndCheckpoint: Item = {
  id: "concurrency/run-and-checkpoint",
  title: "A start that meets a checkpoint comes after it or is refused, and neither sees the other's state.",
  rule: "run-one-at-a-time",
  about:
    "Checkpoints one actor and runs another on its worker at the same time. Whatever order the back end chooses, the snapshot is the first actor's and the second one is blank.",
  mistakes: "Becoming available before the checkpoint's last file is written.",
  async run(bench) {
    const worker = await bench.worker();
    const [first, second] = [bench.actor(), bench.actor()];
    await worker.run(first);
    const before = await worker.probe.count();
    await worker.prepare(second);
    const [checkpointed, ran] = await Promise.allSettled([
      worker.callCheckpoint(first),
      worker.callRun(second),
    ]);
    expect(checkpointed.status === "fulfilled", "the checkpoint of the running actor failed");
    if (ran.status === "fulfilled") {
      const { actorId, memory } = await worker.probe.state();
      expectEqual({ actorId, memory }, { actorId: second.key.actorId, memory: 0 }, "the second actor");
      await worker.checkpoint();
    }
    const folder = join(bench.shared.snapshotsFolder, `${first.key.actorId}-met`);
    const snapshot = await takeSnapshot(first, bench.scope, checkpointed.value, folder);
    await worker.restore(first, snapshot);
    expectContinued(await worker.probe.state(), before, bench.scope);
  },
};
