import { statfs } from "node:fs/promises";
import { Code, ConnectError } from "@connectrpc/connect";

const freeBytesMin = 256 * 1024 * 1024;

/**
 * L5: no checkpoint begins without free disk for the actor's memory. How much that is, nobody tells
 * beforehand: twice the snapshot that it came from, and 256 MiB at least. FAILED_PRECONDITION.
 */
export async function requireFreeSpace(directory: string, lastSnapshotBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const needed = Math.max(freeBytesMin, 2 * lastSnapshotBytes);
  if (free >= needed) return;
  throw new ConnectError(
    `the node has ${mebibytes(free)} free for a snapshot that may need ${mebibytes(needed)}; the actor goes on running`,
    Code.FailedPrecondition,
  );
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MiB`;
}
