import { open } from "node:fs/promises";
import { join } from "node:path";
import { ConnectError } from "@connectrpc/connect";
import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { largestFile, placeSnapshot } from "../../world/snapshot.ts";
import { proveAvailable } from "../prove.ts";

const longestMs = 45_000;

export const flippedByte: Item = {
  id: "restore/flipped-byte",
  title: "A snapshot with a changed byte is never waited for without end, and does not spoil the worker.",
  rule: "restore-damaged",
  about:
    "Changes a byte in the middle of the largest file. A memory may be restored with it, since the node supervisor is who checks what it stores; but the call has to be answered, and the back end, started anew if its workload cannot be ended otherwise, to go on.",
  mistakes: "A runtime that is waited for although it has died or hangs.",
  needs: ["command"],
  timeoutMs: 120_000,
  async run(bench) {
    const worker = await bench.ownWorker();
    const actor = bench.actor();
    await worker.run(actor);
    const snapshot = await bench.copy(await worker.checkpoint());
    await flipByte(join(snapshot.folder, await largestFile(snapshot)));
    await worker.prepare(actor);
    await placeSnapshot(snapshot, actor);
    const startedAt = performance.now();
    const failure = await worker.callRestore(actor, snapshot.scope).then(() => undefined, ConnectError.from);
    const tookMs = performance.now() - startedAt;
    expect(tookMs < longestMs, `the restore was answered only after ${Math.round(tookMs / 1000)} s`);
    if (failure) return proveAvailable(bench, worker);
    // What runs now may answer anything, or nothing.
    const isEnded = await worker.callCheckpoint(actor).then(
      () => true,
      () => false,
    );
    if (isEnded) return proveAvailable(bench, worker);
    await worker.process.kill();
    await proveAvailable(bench, await bench.restart(worker));
  },
};

async function flipByte(path: string): Promise<void> {
  await using file = await open(path, "r+");
  const position = Math.floor((await file.stat()).size / 2);
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position });
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0xff]), 0, 1, position);
}
