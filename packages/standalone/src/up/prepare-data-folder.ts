import { chmod, mkdir, stat } from "node:fs/promises";
import type { DataFolder } from "./data-folder.ts";
import { closedFolderAbove } from "./unprivileged-user.ts";

/**
 * Makes what is missing of a data folder. The router and the control plane, which are not root, pass
 * through it to their sockets; they cannot list it.
 */
export async function prepareDataFolder(folder: DataFolder): Promise<void> {
  await mkdir(folder.root, { recursive: true, mode: 0o711 });
  const closed = await closedFolderAbove(folder.root);
  if (closed !== undefined) {
    throw new Error(
      `the data folder ${folder.root} lies in ${closed}, which other users may not pass: choose another with --data (SUBSTRATE_DATA)`,
    );
  }
  const { mode } = await stat(folder.root);
  if ((mode & 0o001) === 0) await chmod(folder.root, (mode & 0o7777) | 0o011);
  await mkdir(folder.run, { recursive: true, mode: 0o711 });
  await mkdir(folder.log, { recursive: true, mode: 0o750 });
}
