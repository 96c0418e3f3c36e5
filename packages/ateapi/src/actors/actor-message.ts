import { ateapi } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { type ActorRecord, type ActorStatus, latestSnapshot, type Snapshot } from "./actor-record.ts";

const statuses: Readonly<Record<ActorStatus, ateapi.Actor_Status>> = {
  RESUMING: ateapi.Actor_Status.RESUMING,
  RUNNING: ateapi.Actor_Status.RUNNING,
  SUSPENDING: ateapi.Actor_Status.SUSPENDING,
  SUSPENDED: ateapi.Actor_Status.SUSPENDED,
  PAUSING: ateapi.Actor_Status.PAUSING,
  PAUSED: ateapi.Actor_Status.PAUSED,
  CRASHED: ateapi.Actor_Status.CRASHED,
  DELETING: ateapi.Actor_Status.DELETING,
};

/** An actor as clients see it. */
export function actorMessage(actor: ActorRecord): ateapi.Actor {
  const { assignment, operation } = actor;
  const snapshot = latestSnapshot(actor);
  const writing = assignment && operation?.pending;
  return create(ateapi.ActorSchema, {
    actorId: actor.actorId,
    atespace: actor.atespace,
    version: BigInt(actor.version),
    actorTemplateNamespace: actor.templateNamespace,
    actorTemplateName: actor.templateName,
    status: statuses[actor.status],
    ...(assignment && {
      ateomPodNamespace: assignment.poolNamespace,
      ateomPodName: assignment.podName,
      ateomPodIp: assignment.address,
      ateomPodUid: assignment.workerUid,
      workerPoolName: assignment.poolName,
    }),
    inProgressSnapshot: writing ? (writing.uri ?? writing.prefix) : "",
    ...(snapshot && { latestSnapshotInfo: snapshotInfo(snapshot) }),
    workerSelector: { matchLabels: { ...actor.workerSelector } },
  });
}

function snapshotInfo({ prefix, node, uri = "", uploaded }: Snapshot): ateapi.SnapshotInfo {
  return uploaded
    ? create(ateapi.SnapshotInfoSchema, {
        type: ateapi.SnapshotType.EXTERNAL,
        data: { case: "external", value: { snapshotUriPrefix: uri } },
      })
    : create(ateapi.SnapshotInfoSchema, {
        type: ateapi.SnapshotType.LOCAL,
        data: { case: "local", value: { snapshotPrefix: prefix, nodeVmsWithLocalSnapshots: [node] } },
      });
}
