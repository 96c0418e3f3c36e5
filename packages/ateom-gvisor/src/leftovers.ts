// What a dead predecessor of the same worker left behind.
import { readdir } from "node:fs/promises";
import { removeTree } from "./remove-tree.ts";
import { endSandboxProcesses } from "./sandbox-processes.ts";
import { runscRoot, slotsDirectory } from "./slot.ts";

/** Ends the processes and removes the files of the sandboxes that an earlier process left. */
export async function endLeftovers(workerDirectory: string): Promise<void> {
  const slots = slotsDirectory(workerDirectory);
  const ids = await readdir(slots).catch(() => []);
  if (ids.length > 0) await endSandboxProcesses(runscRoot(workerDirectory), ids);
  await removeTree(slots);
  await removeTree(runscRoot(workerDirectory));
}
