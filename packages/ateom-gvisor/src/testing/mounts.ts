import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Mounts a tmpfs of a size such as `2m`, until disposed of. */
export async function mountTmpfs(directory: string, size: string): Promise<AsyncDisposable> {
  await promisify(execFile)("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", directory]);
  return {
    async [Symbol.asyncDispose]() {
      await promisify(execFile)("umount", [directory]);
    },
  };
}
