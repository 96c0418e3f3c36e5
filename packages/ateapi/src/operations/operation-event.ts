import { displayName, latestSnapshot, type OperationKind } from "../actors/actor-record.ts";
import type { NewEvent } from "../watch/events.ts";
import type { OperationOutcome } from "./engine.ts";

const done: Readonly<Record<OperationKind, { reason: string; text: string }>> = {
  resume: { reason: "Resumed", text: "runs" },
  suspend: { reason: "Suspended", text: "is suspended" },
  pause: { reason: "Paused", text: "is paused" },
  delete: { reason: "Deleted", text: "is deleted" },
  "make-golden": { reason: "GoldenSnapshotTaken", text: "gave the golden snapshot of its template" },
  revert: { reason: "Reverted", text: "went back to its last snapshot" },
};

const failed: Readonly<Record<OperationKind, string>> = {
  resume: "ResumeFailed",
  suspend: "SuspendFailed",
  pause: "PauseFailed",
  delete: "DeleteFailed",
  "make-golden": "GoldenSnapshotFailed",
  revert: "RevertFailed",
};

/** What people are told of an operation that ended. */
export function operationEvent({ operation, actor, failure, phases }: OperationOutcome): NewEvent {
  const common = {
    atespace: actor.atespace,
    actorId: actor.actorId,
    worker: actor.assignment?.workerUid ?? "",
    operationId: operation.id,
    phases,
  };
  if (failure) return { ...common, reason: failed[operation.kind], message: failure.rawMessage };
  if (operation.kind === "revert") return { ...common, ...revertEvent(operation.reason, actor) };
  const { reason, text } = done[operation.kind];
  return { ...common, reason, message: `${displayName(actor)} ${text}` };
}

/** Says what was lost: the time since the snapshot that the actor goes back to. */
function revertEvent(reason = "its worker was lost", actor: OperationOutcome["actor"]) {
  const snapshot = latestSnapshot(actor);
  const since = snapshot ? snapshot.committedAt : actor.createdAt;
  const seconds = Math.max(0, (Date.now() - since) / 1000).toFixed(1);
  const back = snapshot ? `went back to snapshot ${snapshot.prefix}` : "had no snapshot and begins anew";
  const crashed = actor.status === "CRASHED";
  return {
    reason: crashed ? "Crashed" : "WorkerLost",
    message: crashed
      ? `${displayName(actor)} crashed: ${reason}; its last snapshot is ${seconds} s old`
      : `${displayName(actor)} ${back}: ${reason}; what it did in the last ${seconds} s is lost`,
  };
}
