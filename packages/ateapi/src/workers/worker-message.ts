import { ateapi } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import type { ActorRecord } from "../actors/actor-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** A worker as clients see it, with the actor that is bound to it. */
export function workerMessage(worker: WorkerRecord, actor: ActorRecord | undefined): ateapi.Worker {
  return create(ateapi.WorkerSchema, {
    workerNamespace: worker.poolNamespace,
    workerPool: worker.poolName,
    workerPod: worker.podName,
    ip: worker.address,
    version: BigInt(worker.version),
    workerPodUid: worker.uid,
    nodeName: worker.node,
    ...(actor && {
      actorNamespace: actor.templateNamespace,
      actorTemplate: actor.templateName,
      actorId: actor.actorId,
      actorAtespace: actor.atespace,
    }),
  });
}
