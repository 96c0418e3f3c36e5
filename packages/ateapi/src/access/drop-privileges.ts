import { lchown, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The user that a server becomes once it holds what needs root. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Makes a folder, 0700, and gives it and the files in it to `user`. Does nothing else than make it without root. */
export async function ownFolder(path: string, user: User | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (!user || process.getuid?.() !== 0) return;
  await lchown(path, user.uid, user.gid);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isFile()) await lchown(join(path, entry.name), user.uid, user.gid);
  }
}

/** For good. Everything that needs root, threads included, is to be loaded and open before. */
export function becomeUser({ uid, gid }: User): void {
  if (process.getuid?.() !== 0) return;
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}
