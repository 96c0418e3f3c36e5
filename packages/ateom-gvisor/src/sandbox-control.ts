// Calls into a sandbox by its control socket instead of a runsc process, which would cost 15 ms of
// processor time for each and, for those that wait, 20 MiB resident an actor. Should the protocol
// change, exit codes, statistics and signals are lost, and nothing that an actor's state depends on.
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { basename, dirname } from "node:path";

/** How a process ended: exactly one of the fields. */
export interface ExitStatus {
  readonly code?: number;
  readonly signal?: number;
}

/** Where a sandbox may be asked; the first that answers is. */
export type ControlSocketPaths = readonly string[];

const answerBytesMax = 64 * 1024;

/**
 * Settles when the container has ended. Undefined where the sandbox did not tell, which says nothing
 * of the container. Never rejects, as all of these.
 */
export async function askForExit(
  paths: ControlSocketPaths,
  containerId: string,
  signal: AbortSignal,
): Promise<ExitStatus | undefined> {
  return parseWaitStatus(await callSandbox(paths, "containerManager.Wait", containerId, signal));
}

/** As `askForExit`, of a process that was started in a container by `exec`. */
export async function askForProcessExit(
  paths: ControlSocketPaths,
  { containerId, pid }: ProcessInContainer,
  signal: AbortSignal,
): Promise<ExitStatus | undefined> {
  const which = { CID: containerId, PID: pid };
  return parseWaitStatus(await callSandbox(paths, "containerManager.WaitPID", which, signal));
}

/** A process that `exec` started. */
export interface ProcessInContainer {
  readonly containerId: string;
  /** In the container's namespace. */
  readonly pid: number;
}

/** runsc/boot SignalDeliveryMode. Groups are found by their number in the sandbox's first pid namespace. */
const deliveryModes = { process: 0, "foreground-group": 2, group: 3 } as const;

/** Signals a process, running or frozen. False where the sandbox did not, as for one that has ended. */
export async function signalProcess(
  paths: ControlSocketPaths,
  { containerId, pid }: ProcessInContainer,
  signalNumber: number,
  to: keyof typeof deliveryModes,
  signal: AbortSignal,
): Promise<boolean> {
  const args = { CID: containerId, PID: pid, Signo: signalNumber, Mode: deliveryModes[to] };
  return (await callSandbox(paths, "containerManager.Signal", args, signal)) !== undefined;
}

/** What a container uses, as runsc's `events` would print it, and the processor time of each container. */
export async function askForEvent(
  paths: ControlSocketPaths,
  containerId: string,
  signal: AbortSignal,
): Promise<unknown> {
  return callSandbox(paths, "containerManager.Event", containerId, signal);
}

/**
 * The result; undefined where there is none: nobody answers, the sandbox answers with an error, the
 * connection ended first, or `signal` aborted. An idle connection delays the end of a sandbox by
 * seconds, so there is one only as long as the question stands.
 */
async function callSandbox(
  paths: ControlSocketPaths,
  method: string,
  arg: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  for (const path of paths) {
    const socket = await connectTo(path).catch(() => undefined);
    if (socket) return parseAnswer(await ask(socket, JSON.stringify({ method, arg }), signal));
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
function ask(socket: Socket, question: string, signal: AbortSignal): Promise<string> {
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
    socket.write(question);
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

/** A call without a result answers null, which is something. */
function parseAnswer(text: string): unknown {
  if (!isJson(text)) return undefined;
  const answer = JSON.parse(text) as { success?: unknown; result?: unknown } | null;
  return answer?.success === true ? answer.result : undefined;
}

/** As wait(2) encodes it. */
function parseWaitStatus(status: unknown): ExitStatus | undefined {
  if (typeof status !== "number") return undefined;
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff } : { signal };
}
