import { type ImageFile, parentsOf } from "./image-files.ts";

/**
 * The files of an image's folder with those of host programs and the base files. What a program needs
 * may not meet the folder's own: with another libc it would fail when it runs, where nobody looks.
 * Base files give way. Throws on a collision.
 */
export function combineFiles(
  folder: readonly ImageFile[],
  programs: readonly ImageFile[],
  base: readonly ImageFile[],
): ImageFile[] {
  const byPath = new Map(folder.map((file) => [file.path, file]));
  for (const { path } of programs) {
    const other = collisionWith(byPath, path);
    if (other === undefined) continue;
    throw new Error(`the folder has a /${other} of its own, where a program of this machine has /${path}`);
  }
  for (const file of programs) byPath.set(file.path, file);
  for (const file of base) {
    if (collisionWith(byPath, file.path) === undefined) byPath.set(file.path, file);
  }
  return [...byPath.values()];
}

/** What stands at `path`, or above it without being a directory. */
function collisionWith(byPath: ReadonlyMap<string, ImageFile>, path: string): string | undefined {
  if (byPath.has(path)) return path;
  return parentsOf(path).find((parent) => (byPath.get(parent)?.kind ?? "directory") !== "directory");
}
