// What a dead predecessor of the same worker left behind. runsc's own records name processes by pid,
// which in a new pid namespace may be anybody's; the id of a sandbox is random and stands in the
// command line of each of its processes, so those are found by it.
import { readdir, readFile, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { runscRoot, slotsDirectory } from "./slot.ts";

const patienceMs = 10_000;

/** Ends the processes and removes the files of the sandboxes that an earlier process left. */
export async function endLeftovers(workerDirectory: string): Promise<void> {
  const slots = slotsDirectory(workerDirectory);
  const ids = await readdir(slots).catch(() => []);
  if (ids.length > 0) await killAll(ids);
  await rm(slots, { recursive: true, force: true });
  await rm(runscRoot(workerDirectory), { recursive: true, force: true });
}

async function killAll(ids: readonly string[]): Promise<void> {
  const until = performance.now() + patienceMs;
  // A killed process cannot be waited for by one who is not its parent, so this looks again.
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const pids = await findProcesses(ids);
    if (pids.length === 0) return;
    if (performance.now() > until)
      throw new Error(`processes ${pids.join(", ")} of an earlier sandbox do not end`);
    for (const pid of pids) kill(pid);
    await delay(pauseMs);
  }
}

async function findProcesses(ids: readonly string[]): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      if (pid === process.pid) return undefined;
      // Empty for a process that has ended and was not reaped yet.
      const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return ids.some((id) => commandLine.includes(`${id}-`)) ? pid : undefined;
    }),
  );
  return found.filter((pid) => pid !== undefined);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
