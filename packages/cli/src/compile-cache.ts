import { lstatSync, mkdirSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Keeps compiled code between calls, in a folder of this user's own: what lies there is run, so Node's
 * default below /tmp would let another user of the machine run code as this one. Without such a folder
 * nothing is kept.
 */
export function keepCompiledCode(env: NodeJS.ProcessEnv = process.env): void {
  try {
    const folder = join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "substrate", "node");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const isOwn = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
    if (isOwn) enableCompileCache(folder);
  } catch {
    // A home that cannot be written costs some start-up time and nothing else.
  }
}
