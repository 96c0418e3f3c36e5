// The processes of sandboxes that runsc does not know: of a dead worker, or of a create that was killed
// half-way. runsc's own records name processes by pid, which in a new pid namespace may be anybody's;
// the id of a sandbox is random and stands in the command line of each of its processes.
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const patienceMs = 10_000;

/** Kills all processes of sandboxes below a state directory of runsc; returns when they have ended. */
export async function endSandboxProcesses(root: string, ids: readonly string[]): Promise<void> {
  const until = performance.now() + patienceMs;
  // A killed process cannot be waited for by one who is not its parent, so this looks again.
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const pids = await findProcesses(root, ids);
    if (pids.length === 0) return;
    if (performance.now() > until)
      throw new Error(`processes ${pids.join(", ")} of an earlier sandbox do not end`);
    for (const pid of pids) kill(pid);
    await delay(pauseMs);
  }
}

async function findProcesses(root: string, ids: readonly string[]): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Empty for a process that has ended and was not reaped yet.
      const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      const isOurs = commandLine.includes(`\0--root=${root}\0`);
      return isOurs && ids.some((id) => commandLine.includes(`${id}-`)) ? pid : undefined;
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
