// The one writer of a process's stdout, so that lines of its workers never interleave. Written by
// the thread pool, one write at a time: a reader that stalls holds up the actors' output and nothing
// else.
import { write } from "node:fs";

/** Lines are taken without limit in one turn, but a source that heeds `isFull` stops here. */
const queueBytesMax = 1024 * 1024;

/** Takes lines from many sources and writes them whole, in the order of their arrival. */
export interface LineWriter {
  /** Adds a line end. */
  write(line: string): void;
  /** Whether sources should wait for `whenFree`. */
  isFull(): boolean;
  /** Resolves when less than half of the bound is waiting, or the reader is gone for good. */
  whenFree(): Promise<void>;
}

/** Writes to an open file; the caller keeps it open. When it breaks (EPIPE), lines are dropped. */
export function createLineWriter(fd: number): LineWriter {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let isWriting = false;
  let isBroken = false;
  let onFree = Promise.withResolvers<void>();

  const finishBatch = () => {
    isWriting = false;
    if (waitingBytes < queueBytesMax / 2) {
      onFree.resolve();
      onFree = Promise.withResolvers();
    }
    startBatch();
  };
  const writeAll = (bytes: Buffer) => {
    write(fd, bytes, (error, written) => {
      if (error?.code === "EAGAIN") {
        // Somebody made the descriptor non-blocking; there is no event to wait for with a plain fd.
        setTimeout(() => writeAll(bytes), 5);
        return;
      }
      if (error) isBroken = true;
      if (!error && written < bytes.length) writeAll(bytes.subarray(written));
      else finishBatch();
    });
  };
  const startBatch = () => {
    if (isWriting || waiting.length === 0) return;
    const batch = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    isWriting = true;
    if (isBroken) finishBatch();
    else writeAll(batch);
  };

  return {
    write(line) {
      if (isBroken) return;
      const bytes = Buffer.from(`${line}\n`);
      waiting.push(bytes);
      waitingBytes += bytes.length;
      startBatch();
    },
    isFull: () => !isBroken && waitingBytes >= queueBytesMax,
    whenFree: () => (!isBroken && waitingBytes >= queueBytesMax / 2 ? onFree.promise : Promise.resolve()),
  };
}
