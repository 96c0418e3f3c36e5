// The streams of a process in a sandbox. FIFOs, because Node.js gives sockets to its children as pipes,
// and a sandbox shuts down a socket that it was given when its process ends: runsc, which has the same
// one, then dies of what it says about that end.
import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { makeNamedPipe } from "./named-pipe.ts";

/** Our ends and the child's. */
export interface ExecStreams {
  readonly stdin: Socket;
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** Resolves with what was written to `pidFile`; undefined when `endPid` or `close` came first. */
  readonly pid: Promise<number | undefined>;
  /** Once nobody will write it any more. */
  endPid(): void;
  readonly pidFile: string;
  /** stdin, stdout and stderr of the child; to be given up with `handOver`. */
  readonly childFds: readonly [number, number, number];
  /** After the child was started: closes its ends here. Idempotent. */
  handOver(): void;
  /** Ends them all. Idempotent. */
  close(): void;
}

/** Makes them in an empty directory. */
export async function openExecStreams(directory: string): Promise<ExecStreams> {
  const path = (name: string) => join(directory, name);
  const names = ["pid", "in", "out", "err"] as const;
  await makeNamedPipe(...names.map(path));
  // None of these waits: each FIFO is opened for reading first, and that without blocking.
  const readers = names.map((name) => openSync(path(name), constants.O_RDONLY | constants.O_NONBLOCK));
  const [pidReader, childIn, outReader, errReader] = readers as [number, number, number, number];
  const writeEnd = (name: string) => openSync(path(name), constants.O_WRONLY | constants.O_NONBLOCK);
  const childFds = [childIn, writeEnd("out"), writeEnd("err")] as const;
  const reader = (fd: number) => new Socket({ fd, readable: true, writable: false });
  const [pidStream, stdout, stderr] = [reader(pidReader), reader(outReader), reader(errReader)];
  const stdin = new Socket({ fd: writeEnd("in"), readable: false, writable: true });
  const all = [pidStream, stdin, stdout, stderr];
  for (const stream of all) stream.on("error", () => stream.destroy());
  let isHandedOver = false;
  const handOver = () => {
    if (isHandedOver) return;
    isHandedOver = true;
    for (const fd of childFds) closeSync(fd);
  };
  return {
    stdin,
    stdout,
    stderr,
    pid: readNumber(pidStream),
    // A reader is told the end of a FIFO only after a writer came: here is one.
    endPid() {
      if (!pidStream.destroyed) closeSync(writeEnd("pid"));
    },
    pidFile: path("pid"),
    childFds,
    handOver,
    close() {
      handOver();
      for (const stream of all) stream.destroy();
    },
  };
}

async function readNumber(stream: Socket): Promise<number | undefined> {
  let text = "";
  stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  await new Promise((resolve) => stream.once("close", resolve));
  return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}
