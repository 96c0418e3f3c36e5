import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { validateFileName } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";

/** A snapshot of more files than this is an error of the author. */
const filesMax = 256;

/** Checks what an author reports: at least one file, plain names, each once, and there. INTERNAL otherwise. */
export async function checkSnapshotFiles(
  directory: string,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) throw broken("no files");
  if (names.length > filesMax) throw broken(`${names.length} files; at most ${filesMax} are allowed`);
  if (new Set(names).size !== names.length) throw broken("a file twice");
  await Promise.all(
    names.map(async (name) => {
      try {
        validateFileName("snapshot_files", name);
      } catch (failure) {
        throw broken(String((failure as Error).message));
      }
      const found = await lstat(join(directory, name)).catch(() => undefined);
      if (!found?.isFile()) throw broken(`the file "${name}", which is not there`);
    }),
  );
  return names;
}

function broken(what: string): ConnectError {
  return new ConnectError(`the checkpoint failed: the back end reported ${what}`, Code.Internal);
}
