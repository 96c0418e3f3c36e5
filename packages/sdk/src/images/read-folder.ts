import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { ImageFile } from "./image-files.ts";

/** Most entries that a folder may have to become a layer. */
const entriesMax = 1_000_000;

/**
 * What lies under `folder`, as files of an image: regular files, directories and symbolic links with
 * their modes. Anything else (sockets, devices) is an error that names it.
 */
export async function readFolder(folder: string): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  for (const path of await readdir(folder, { recursive: true })) {
    if (files.length >= entriesMax) throw new Error(`${folder} has more than ${entriesMax} entries`);
    const source = join(folder, path);
    const found = await lstat(source);
    const mode = found.mode & 0o7777;
    if (found.isDirectory()) files.push({ kind: "directory", path, mode });
    else if (found.isSymbolicLink()) files.push({ kind: "link", path, target: await readlink(source) });
    else if (found.isFile()) files.push({ kind: "copy", path, mode, source });
    else throw new Error(`${source} is no file, directory or symbolic link`);
  }
  return files;
}
