import { readdir, readFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";

/** The pid of the restore that a worker's prepared sandbox has begun, once there is one. */
export async function restoreThatWaits(directory: string): Promise<number> {
  for (;;) {
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      if (line.includes(`--root=${directory}/`) && line.includes("\0restore\0")) return Number(pid);
    }
    await setImmediate();
  }
}

/** Returns when the process has ended, reaped or not. */
export async function killAndWait(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  // Empty for a zombie.
  while (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")) await setImmediate();
}

/** Command lines of the sandbox runtime's processes that belong to a directory. */
export async function processesOf(directory: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes(`--root=${directory}/`));
}
