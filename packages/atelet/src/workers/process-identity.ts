import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

/** A process, told apart from a later one of the same number by when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since the machine started. */
  readonly startTime: string;
}

const goneWithinMs = 5_000;
const lookAgainMs = 20;

/** Undefined where there is no such process. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name in parentheses may hold anything; field 22 is counted from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  return startTime === undefined || state === "Z" ? undefined : { pid, startTime };
}

/** The only child of a process, or undefined. */
export async function findOnlyChild(pid: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const [child, ...others] = children.trim().split(" ");
  return child && others.length === 0 ? Number(child) : undefined;
}

/**
 * Kills a process that an earlier life of this one started, unless its number is another's by now.
 * Returns when it is gone. It is nobody's child here, so that its end can only be looked for.
 */
export async function killStranger(process_: ProcessIdentity): Promise<void> {
  const isAlive = async () => (await identifyProcess(process_.pid))?.startTime === process_.startTime;
  const deadline = performance.now() + goneWithinMs;
  while (await isAlive()) {
    sendSignal(process_.pid, "SIGKILL");
    if (performance.now() > deadline) throw new Error(`process ${process_.pid} does not end`);
    await wait(lookAgainMs);
  }
}

/** False where there is no such process any more. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
