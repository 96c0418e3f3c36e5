import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** All paths below a folder, without following links; what goes away meanwhile is left out. */
export async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? [path, ...(await pathsBelow(path))] : [path];
    }),
  );
  return found.flat();
}
