// Processes as this machine's kernel shows them, whatever namespace they are in below this one.
import { readdir, readFile } from "node:fs/promises";

export interface FoundProcess {
  readonly pid: number;
  readonly parent: number;
  /** In clock ticks since the machine was booted. */
  readonly startedAt: number;
  /** Arguments, joined by spaces. */
  readonly command: string;
}

/** `root` and all that descend from it. */
export async function processTree(root: number): Promise<FoundProcess[]> {
  const all = await listProcesses();
  const found: FoundProcess[] = all.filter(({ pid }) => pid === root);
  const seen = new Set([root]);
  // Children may have lower numbers than their parents, so until nothing is added.
  for (let added = true; added; ) {
    const more = all.filter(({ pid, parent }) => seen.has(parent) && !seen.has(pid));
    for (const process of more) seen.add(process.pid);
    found.push(...more);
    added = more.length > 0;
  }
  return found;
}

/** Whether the environment of a process holds an entry; false for one that is gone. */
export async function hasEnvEntry(pid: number, entry: string): Promise<boolean> {
  const environ = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
  return environ.split("\0").includes(entry);
}

/** Among the fields of /proc/PID/stat behind the name. */
const startTimeAt = 19;

async function listProcesses(): Promise<FoundProcess[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(readProcess));
  return found.filter((process) => process !== undefined);
}

async function readProcess(pid: number): Promise<FoundProcess | undefined> {
  try {
    const [status, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "latin1"),
      readFile(`/proc/${pid}/cmdline`, "latin1"),
    ]);
    // The name in parentheses may hold anything.
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    const [state, parent] = fields;
    if (state === "Z" || state === "X") return undefined;
    return {
      pid,
      parent: Number(parent),
      startedAt: Number(fields[startTimeAt]),
      command: command.replaceAll("\0", " ").trim(),
    };
  } catch {
    return undefined;
  }
}
