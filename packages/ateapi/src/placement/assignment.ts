import type { Assignment } from "../actors/actor-record.ts";
import type { WorkerRecord } from "../workers/worker-record.ts";

/** What an actor's record keeps of its worker. */
export function assignmentOf(worker: WorkerRecord): Assignment {
  return {
    workerUid: worker.uid,
    node: worker.node,
    address: worker.address,
    poolNamespace: worker.poolNamespace,
    poolName: worker.poolName,
    podName: worker.podName,
    bootId: worker.bootId,
    hardwareKey: worker.hardwareKey,
  };
}
