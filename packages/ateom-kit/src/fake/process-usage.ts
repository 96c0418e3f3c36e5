import { readFile } from "node:fs/promises";

/** Clock ticks a second, which is the same on every Linux. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** What a process uses, by proc(5); nothing once it has ended. */
export async function readProcessUsage(pid: number): Promise<{ memoryBytes: number; cpuUsageUs: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field, the program's name, may hold anything, also spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [userTicks = 0, systemTicks = 0] = fields.slice(11, 13).map(Number);
  const residentPages = Number(fields[21] ?? 0);
  return {
    memoryBytes: residentPages * pageBytes,
    cpuUsageUs: ((userTicks + systemTicks) * 1_000_000) / ticksPerSecond,
  };
}
