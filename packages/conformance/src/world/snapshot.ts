import { copyFile, link, mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { validateFileName } from "@agent-substrate/contract";
import { Violation } from "../violation.ts";
import type { Actor } from "./actor.ts";
import type { SnapshotScope } from "./scope.ts";

/** A stored checkpoint: the files that the back end named and no others. */
export interface Snapshot {
  readonly scope: SnapshotScope;
  readonly folder: string;
  readonly names: readonly string[];
}

/** Takes the reported files out of the checkpoint directory, as a node supervisor stores them. */
export async function takeSnapshot(
  actor: Actor,
  scope: SnapshotScope,
  names: readonly string[],
  folder: string,
): Promise<Snapshot> {
  if (names.length === 0) throw new Violation("CheckpointWorkload succeeded and reported no file");
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    try {
      validateFileName("snapshot_files", name);
      await rename(join(actor.paths.checkpoint, name), join(folder, name));
    } catch (error) {
      throw new Violation(
        `the reported file ${JSON.stringify(name)} cannot be taken: ${(error as Error).message}`,
      );
    }
  }
  return { scope, folder, names };
}

/** Puts a snapshot's files into an actor's restore directory. */
export async function placeSnapshot(snapshot: Snapshot, actor: Actor): Promise<void> {
  await mkdir(actor.paths.restore, { recursive: true });
  for (const name of snapshot.names) await link(join(snapshot.folder, name), join(actor.paths.restore, name));
}

/** A copy whose files may be changed. */
export async function copySnapshot(snapshot: Snapshot, folder: string): Promise<Snapshot> {
  await mkdir(folder, { recursive: true });
  for (const name of snapshot.names) await copyFile(join(snapshot.folder, name), join(folder, name));
  return { ...snapshot, folder };
}

/** The name of the snapshot's largest file. */
export async function largestFile({ folder, names }: Snapshot): Promise<string> {
  const sizes = await Promise.all(
    names.map(async (name) => ({ name, size: (await stat(join(folder, name))).size })),
  );
  return sizes.reduce((a, b) => (b.size > a.size ? b : a)).name;
}
