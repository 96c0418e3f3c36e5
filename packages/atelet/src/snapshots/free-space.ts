import { statfs } from "node:fs/promises";

/** L5: no checkpoint begins without free disk for the actor's memory. */
const freeBytesMin = 256 * 1024 * 1024;

/**
 * Bytes that a checkpoint may need. Nobody tells beforehand: twice the snapshot that the actor came
 * from, and 256 MiB at least.
 */
export function estimateCheckpointBytes(lastSnapshotBytes: number): number {
  return Math.max(freeBytesMin, 2 * lastSnapshotBytes);
}

/** Bytes that are free for this process where `path` lies. */
export async function readFreeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
