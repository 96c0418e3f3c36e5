// Tells when a process that is no child has ended: it holds the writing end of a FIFO, and the kernel
// closes that with it. Nothing is polled, and a pid that was given to another cannot mislead.
import { constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { makeNamedPipe } from "./named-pipe.ts";

export interface LifeLine {
  /** For the process to open for writing. */
  readonly path: string;
  /** Settles when the last that opened it has ended or closed it, or at `close`. Never rejects. */
  readonly ended: Promise<void>;
  readonly hasEnded: boolean;
  close(): void;
}

/** Makes the FIFO, which must not exist. */
export async function openLifeLine(path: string): Promise<LifeLine> {
  await makeNamedPipe(path);
  // Never blocks: a FIFO opens for non-blocking reading without a writer, and tells no end before one came.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    socket.once("close", () => {
      hasEnded = true;
      resolve();
    });
  });
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.destroy());
  socket.resume(); // what is written is of no interest
  socket.unref();
  return {
    path,
    ended,
    get hasEnded() {
      return hasEnded;
    },
    close: () => void socket.destroy(),
  };
}
