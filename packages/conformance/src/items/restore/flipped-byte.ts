import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Item } from "../../item.ts";
import { largestFile } from "../../world/snapshot.ts";
import { proveDamaged } from "../prove-damaged.ts";

export const flippedByte: Item = {
  id: "restore/flipped-byte",
  title: "A snapshot with a changed byte is refused or does no harm, and is never waited for without end.",
  rule: "restore-damaged",
  about:
    "Changes a byte in the middle of the largest file. Storage fails silently now and then; the answer may be an error or the right state.",
  mistakes: "A runtime that is waited for although it has died or hangs.",
  timeoutMs: 120_000,
  run: (bench) =>
    proveDamaged(bench, async (snapshot) => {
      const path = join(snapshot.folder, await largestFile(snapshot));
      await using file = await open(path, "r+");
      const position = Math.floor((await file.stat()).size / 2);
      const { buffer } = await file.read({ buffer: Buffer.alloc(1), position });
      await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0xff]), 0, 1, position);
      return snapshot;
    }),
};
