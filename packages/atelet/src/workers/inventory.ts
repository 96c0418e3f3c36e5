import { nodes } from "@agent-substrate/contract";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { PoolDefinition } from "./pool-definition.ts";
import type { Worker } from "./worker.ts";

export type InventoryWorker = MessageInitShape<typeof nodes.NodeWorkerSchema>;

const states = {
  starting: nodes.NodeWorker_State.STARTING,
  available: nodes.NodeWorker_State.AVAILABLE,
  executing: nodes.NodeWorker_State.EXECUTING,
  ending: nodes.NodeWorker_State.ENDING,
} as const;

/** A worker as the control plane sees it. */
export function describeWorker(worker: Worker): InventoryWorker {
  const { uid, pool, state, description, lastAssignment } = worker;
  return {
    ...describePool(pool),
    uid,
    podName: worker.podName,
    address: worker.link.workerAddress,
    state: states[state.kind],
    bootId: description?.bootId ?? uid,
    hardwareKey: description?.hardwareKey ?? "",
    generation: lastAssignment?.generation ?? 0n,
    actorAtespace: lastAssignment?.atespace ?? "",
    actorId: lastAssignment?.key.actorId ?? "",
    message: state.kind === "starting" ? state.message : "",
  };
}

/** A worker that cannot be started now, so that people see why. */
export function describeMissingWorker(uid: string, pool: PoolDefinition, message: string): InventoryWorker {
  return {
    ...describePool(pool),
    uid,
    podName: `${pool.name}-${uid.slice(0, 8)}`,
    state: nodes.NodeWorker_State.STARTING,
    message,
  };
}

function describePool(pool: PoolDefinition): InventoryWorker {
  return { poolNamespace: pool.namespace, poolName: pool.name, sandboxClass: pool.sandboxClass };
}
