// A channel for the output of sandboxes. The FIFO is opened read-write by both sides, so that neither
// end's death is an end of file or a broken pipe for the other.
import { closeSync, constants, openSync, readSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import type { ContainerOutput, Workload } from "../back-end.ts";
import { runCommand } from "../run-command.ts";
import { labelLine, type OutputLabels, outputLabels } from "./label-line.ts";
import type { LineWriter } from "./line-writer.ts";
import { splitLines } from "./split-lines.ts";

/** Lines that are kept to explain a failure. */
const recentLinesMax = 20;
const recentLineLengthMax = 500;
/** A drain reads at most this much: more than any pipe holds. */
const drainBytesMax = 1024 * 1024;
const drainTimeoutMs = 2000;

/** What the kit itself knows of a channel beside what authors see. */
export interface OpenContainerOutput extends ContainerOutput {
  /** The container whose lines these are now. */
  readonly container: string | undefined;
  /** The last lines of the present attribution. */
  recentLines(): readonly string[];
}

/** Makes the FIFO at `path`, in place of what lies there, and reads it until it is closed. */
export async function openContainerOutput(
  path: string,
  writer: LineWriter,
  onClose: () => void,
): Promise<OpenContainerOutput> {
  await rm(path, { force: true });
  await runCommand(["mkfifo", "--mode=600", path]);
  // Two descriptions: the reader's is non-blocking, and an actor's must not be.
  const writeFd = openSync(path, constants.O_RDWR);
  const readFd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new Socket({ fd: readFd, readable: true, writable: false });

  let container: string | undefined;
  let labels: OutputLabels | undefined;
  let recent: string[] = [];
  let closing: Promise<void> | undefined;

  const lines = splitLines((line) => {
    if (!labels) return;
    recent.push(line.slice(0, recentLineLengthMax));
    if (recent.length > recentLinesMax) recent.shift();
    writer.write(labelLine(line, labels, new Date()));
  });
  const takeBuffered = () => {
    for (let chunk: Buffer | null = socket.read(); chunk; chunk = socket.read()) lines.push(chunk);
  };
  const readAvailable = async () => {
    if (writer.isFull()) await writer.whenFree();
    if (!closing) takeBuffered();
  };
  socket.on("readable", readAvailable);
  socket.on("error", () => undefined);

  const drain = async () => {
    await waitAtMost(writer.whenFree(), drainTimeoutMs);
    takeBuffered();
    const buffer = Buffer.allocUnsafe(64 * 1024);
    let total = 0;
    for (
      let count = readNow(readFd, buffer);
      count > 0 && total < drainBytesMax;
      count = readNow(readFd, buffer)
    ) {
      lines.push(Buffer.from(buffer.subarray(0, count)));
      total += count;
    }
    lines.flush();
  };

  return {
    fd: writeFd,
    get container() {
      return container;
    },
    recentLines: () => recent,
    attribute(workload: Workload | undefined, name: string) {
      lines.flush();
      recent = [];
      container = workload && name;
      labels = workload && outputLabels(workload, name);
    },
    drain: () => (closing ? Promise.resolve() : drain()),
    close() {
      closing ??= (async () => {
        await drain();
        socket.destroy();
        closeSync(writeFd);
        await rm(path, { force: true });
        onClose();
      })();
      return closing;
    },
  };
}

function readNow(fd: number, buffer: Buffer): number {
  try {
    return readSync(fd, buffer);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw failure;
  }
}

async function waitAtMost(promise: Promise<void>, timeoutMs: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
