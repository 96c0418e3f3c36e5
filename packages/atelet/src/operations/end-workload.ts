import { Code, ConnectError } from "@connectrpc/connect";
import { actorName } from "../actors/assignment.ts";
import type { NodeWorld } from "./node-world.ts";

/**
 * Ends whatever a worker runs, without a checkpoint; returns when it is available or gone. Idempotent.
 * FAILED_PRECONDITION where it runs another assignment than `generation` (0n: whatever runs).
 */
export async function endWorkload(world: NodeWorld, workerUid: string, generation: bigint): Promise<void> {
  const worker = world.workers.workers.find(({ uid }) => uid === workerUid);
  const assignment = worker?.assignment;
  if (!worker || !assignment) return;
  if (generation !== 0n && assignment.generation !== generation) {
    throw new ConnectError(
      `worker ${workerUid} is executing generation ${assignment.generation} of ${actorName(assignment.key)}, not ${generation}`,
      Code.FailedPrecondition,
    );
  }
  await worker.clear(assignment);
}
