// How a container ended, asked of its sandbox by the control socket instead of a runsc process.
// `runsc wait` tells the same for one more process an actor (20 MiB resident, and a tenth of a wake's
// processor time); should the protocol change, only the exit code is lost.
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { basename, dirname } from "node:path";

/** How a process ended: exactly one of the fields. */
export interface ExitStatus {
  readonly code?: number;
  readonly signal?: number;
}

const answerBytesMax = 64 * 1024;

/**
 * Settles when the container has ended. Undefined where the sandbox did not tell, which says nothing
 * of the container: nobody answers, the connection ended first, or `signal` aborted. Never rejects.
 * Asks the first socket that answers. An idle connection delays the end of a sandbox by seconds, so
 * there is one only as long as the question stands.
 */
export async function askForExit(
  socketPaths: readonly string[],
  containerId: string,
  signal: AbortSignal,
): Promise<ExitStatus | undefined> {
  for (const path of socketPaths) {
    const socket = await connectTo(path).catch(() => undefined);
    if (socket) return parseAnswer(await ask(socket, containerId, signal));
  }
  return undefined;
}

/** By a name that is short whatever the path: runsc makes sockets whose path no call would take. */
async function connectTo(path: string): Promise<Socket> {
  const directory = await open(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await new Promise<Socket>((resolve, reject) => {
      const socket = connect(`/proc/self/fd/${directory.fd}/${basename(path)}`);
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(socket);
      });
    });
  } finally {
    await directory.close();
  }
}

/** The answer's text, or as much of it as came before the connection ended. */
function ask(socket: Socket, containerId: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const giveUp = () => socket.destroy();
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    socket.on("error", giveUp);
    socket.on("end", giveUp);
    socket.once("close", () => {
      signal.removeEventListener("abort", giveUp);
      resolve(answer);
    });
    socket.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
      if (isJson(answer) || answer.length > answerBytesMax) socket.destroy();
    });
    socket.unref(); // waiting is no reason for this process to stay
    socket.write(JSON.stringify({ method: "containerManager.Wait", arg: containerId }));
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parseAnswer(text: string): ExitStatus | undefined {
  if (!isJson(text)) return undefined;
  const answer = JSON.parse(text) as { success?: unknown; result?: unknown } | null;
  const isStatus = answer?.success === true && typeof answer.result === "number";
  return isStatus ? parseWaitStatus(answer.result as number) : undefined;
}

/** As wait(2) encodes it. */
function parseWaitStatus(status: number): ExitStatus {
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff } : { signal };
}
