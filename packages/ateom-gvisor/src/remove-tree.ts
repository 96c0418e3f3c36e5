import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * Removes a directory of the runtime, if there is one, with everything in it. Newer releases of runsc
 * leave a mount in their state directory (a network namespace that their gofers share).
 */
export async function removeTree(directory: string): Promise<void> {
  // The latest first: it may lie on an earlier one.
  for (const mountPoint of (await mountPointsIn(directory)).reverse()) {
    await promisify(execFile)("umount", [mountPoint], { timeout: 10_000 });
  }
  await rm(directory, { recursive: true, force: true });
}

async function mountPointsIn(directory: string): Promise<string[]> {
  const lines = (await readFile("/proc/self/mountinfo", "utf8")).split("\n");
  const mountPoints = lines.map((line) => decodePath(line.split(" ")[4] ?? ""));
  return mountPoints.filter((path) => path.startsWith(`${directory}/`));
}

/** As proc(5) writes paths: space, tab, newline and backslash in octal. */
function decodePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
