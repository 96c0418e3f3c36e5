// Writes a running workload into snapshot files. Memory and durable volumes are of one moment: nothing
// runs from the first that is written to the last.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Workload } from "@agent-substrate/ateom-kit";
import { packDurableDirectories } from "./durable-directories.ts";
import { imageFiles } from "./runsc.ts";
import type { Sandbox } from "./sandbox.ts";
import { type RecordedWorkload, recordFile, writeSnapshotRecord } from "./snapshot-record.ts";

/** What is saved, into the checkpoint directory of the call's workload. */
export interface SavedWorkload extends RecordedWorkload {
  readonly sandbox: Sandbox;
  readonly workload: Workload;
}

const resumeTimeoutMs = 10_000;

/**
 * Answers the names of the files. The sandbox has ended then or, where it was not needed for them, is
 * paused. A failure before the memory was written leaves it running.
 */
export async function saveAndStop(saved: SavedWorkload, signal: AbortSignal): Promise<string[]> {
  const { sandbox, workload, scope } = saved;
  await beginFiles(saved);
  if (scope === "full") {
    await workload.phases.measure("save", () => sandbox.checkpoint(workload.paths.checkpoint, signal));
    return [recordFile, ...imageFiles, ...(await pack(saved, signal))];
  }
  await sandbox.pause(signal);
  try {
    return [recordFile, ...(await pack(saved, signal))];
  } catch (error) {
    await sandbox.resume(AbortSignal.timeout(resumeTimeoutMs));
    throw error;
  }
}

/** As `saveAndStop`, but the sandbox runs on, also after most failures: its `isAlive` tells. */
export async function saveAndGoOn(saved: SavedWorkload, signal: AbortSignal): Promise<string[]> {
  const { sandbox, workload, scope, durableVolumes } = saved;
  const image = workload.paths.checkpoint;
  const saveMemory = () => workload.phases.measure("save", () => sandbox.snapshot(image, signal));
  await beginFiles(saved);
  if (scope === "full" && durableVolumes.length === 0) {
    await saveMemory(); // which pauses by itself
    return [recordFile, ...imageFiles];
  }
  await sandbox.pause(signal);
  try {
    if (scope === "full") await saveMemory();
    return [recordFile, ...(scope === "full" ? imageFiles : []), ...(await pack(saved, signal))];
  } finally {
    // What cannot be resumed is told by the failure of it, or has ended with that of the save.
    if (sandbox.isAlive) await sandbox.resume(AbortSignal.timeout(resumeTimeoutMs));
  }
}

/** What an earlier try left goes first: runsc writes over nothing. */
async function beginFiles(saved: SavedWorkload): Promise<void> {
  const { checkpoint } = saved.workload.paths;
  await Promise.all(imageFiles.map((name) => rm(join(checkpoint, name), { force: true })));
  await writeSnapshotRecord(checkpoint, saved);
}

async function pack({ workload, durableVolumes }: SavedWorkload, signal: AbortSignal): Promise<string[]> {
  if (durableVolumes.length === 0) return [];
  const { paths, phases } = workload;
  return phases.measure("pack", () =>
    packDurableDirectories(durableVolumes, paths, paths.checkpoint, signal),
  );
}
