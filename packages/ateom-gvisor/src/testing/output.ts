// A channel for a sandbox's output as the kit gives it, collecting lines.
import { execFile } from "node:child_process";
import { constants, openSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ContainerOutput, Workload } from "@agent-substrate/ateom-kit";

export interface OutputLine {
  readonly actorId: string | undefined;
  readonly container: string;
  readonly text: string;
}

export async function openTestOutput(
  directory: string,
  name: string,
  lines: OutputLine[],
): Promise<ContainerOutput> {
  const path = join(directory, `${name}.fifo`);
  await promisify(execFile)("mkfifo", [path]);
  const writer = await open(path, constants.O_RDWR);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd: reader, readable: true, writable: false });
  let owner: { actorId: string | undefined; container: string } | undefined;
  socket.setEncoding("utf8").on("data", (text: string) => {
    for (const line of text.split("\n").filter(Boolean)) {
      lines.push({ actorId: owner?.actorId, container: owner?.container ?? "", text: line });
    }
  });
  socket.unref(); // a test may leave a worker as a crash would
  let isClosed = false;
  return {
    fd: writer.fd,
    attribute(workload: Workload | undefined, container: string) {
      owner = { actorId: workload?.key.actorId, container };
    },
    // Enough for a test: what has been written is read in the next turns of the loop.
    drain: () => new Promise((resolve) => setImmediate(() => setImmediate(resolve))),
    async close() {
      if (isClosed) return;
      isClosed = true;
      socket.destroy();
      await writer.close();
      await rm(path, { force: true });
    },
  };
}
