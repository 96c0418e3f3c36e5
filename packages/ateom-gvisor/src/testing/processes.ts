import { readdir, readFile } from "node:fs/promises";

/** Command lines of the sandbox runtime's processes that belong to a directory. */
export async function processesOf(directory: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes(`--root=${directory}/`));
}
