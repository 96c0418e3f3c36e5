import { readdir } from "node:fs/promises";
import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { expectContinued } from "../prove.ts";

export const exactNames: Item = {
  id: "checkpoint/exact-names",
  title: "The reported files are the snapshot: all of it, and nothing else.",
  rule: "checkpoint-names",
  about:
    "Takes only the reported files out of `checkpoint-state/`, looks whether others are left there, and restores from what it took. What is not reported is not stored, and the node that restores has nothing else.",
  mistakes:
    "A file written later or elsewhere that the restore reads; a log or a lock file in the directory.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const before = await worker.probe.count();
    const snapshot = await worker.checkpoint();
    expectEqual(
      await readdir(actor.paths.checkpoint),
      [],
      "what is in checkpoint-state/ beside the reported files",
    );
    await worker.restore(actor, snapshot);
    expectContinued(await worker.probe.state(), before, bench.scope);
  },
};
