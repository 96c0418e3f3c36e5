import { cp, mkdir, rm } from "node:fs/promises";
import type { Workload } from "@agent-substrate/ateom-kit";

/** Does what a node supervisor does with a snapshot: its files are what the next restore of `to` reads. */
export async function carrySnapshot(from: Workload, to: Workload): Promise<void> {
  await rm(to.paths.restore, { recursive: true, force: true });
  await cp(from.paths.checkpoint, to.paths.restore, { recursive: true });
}

/** Leaves an actor's volume as on a node that has never seen it. */
export async function forgetVolume(workload: Workload, volume: string): Promise<void> {
  await rm(workload.paths.durableDir(volume), { recursive: true });
  await mkdir(workload.paths.durableDir(volume));
}
