import { expectSuccess } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const prefixNotNeeded: Item = {
  id: "checkpoint/prefix-not-needed",
  title: "Neither an empty nor an unreachable snapshot prefix matters.",
  rule: "checkpoint-prefix",
  about:
    "Every other item sends an empty `snapshot_uri_prefix`; this one names a bucket that nobody has. The node supervisor alone stores snapshots.",
  mistakes: "Refusing the empty prefix, or writing to the bucket.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const call = worker.callCheckpoint(actor, bench.scope, {
      snapshotUriPrefix: "s3://nobody-has-this-bucket/prefix",
    });
    await expectSuccess(call, "CheckpointWorkload with a prefix of a storage that is not there");
  },
};
