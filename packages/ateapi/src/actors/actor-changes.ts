// The one place that says how an actor may change. Pure: every store engine applies these, so all
// engines have the same rules.
//
// L1: an actor has a worker exactly while RESUMING, RUNNING, or SUSPENDING/PAUSING until release.
// L3: a transitional status always carries an operation.
import type {
  ActorRecord,
  ActorStatus,
  Assignment,
  OperationRecord,
  RestingStatus,
  Snapshot,
} from "./actor-record.ts";

export type ActorChange =
  /** Binds a free worker under a new generation: RESUMING. */
  | { readonly kind: "bind"; readonly assignment: Assignment; readonly operation: OperationRecord }
  /** Goes on to a step, or begins the same step anew. */
  | {
      readonly kind: "advance";
      readonly step: string;
      readonly attempt?: number;
      readonly status?: ActorStatus;
      readonly settleUntil?: number;
    }
  /** The node said that it is ready. */
  | { readonly kind: "commit-running"; readonly at: number }
  /** Frees the worker without a new snapshot and rests. */
  | { readonly kind: "release"; readonly status: RestingStatus; readonly reason?: string }
  /** RUNNING to SUSPENDING or PAUSING. */
  | { readonly kind: "begin-checkpoint"; readonly operation: OperationRecord }
  /** Frees the worker with a new snapshot (L5), and rests where `step` is absent. */
  | {
      readonly kind: "commit-snapshot";
      readonly snapshot: Snapshot;
      readonly rest?: RestingStatus;
      readonly step?: string;
    }
  /** A checkpoint failed and the workload lives on. */
  | { readonly kind: "keep-running" }
  /** PAUSED to SUSPENDING: the node's snapshot shall be uploaded. */
  | { readonly kind: "begin-upload"; readonly operation: OperationRecord; readonly uri: string }
  /** An operation without a worker ended. */
  | { readonly kind: "settle"; readonly status: RestingStatus }
  /** The workload is gone: SUSPENDING under a `revert`. */
  | { readonly kind: "lose-worker"; readonly operation: OperationRecord }
  | { readonly kind: "begin-delete"; readonly operation: OperationRecord }
  /** The snapshot is stored; older ones are retired. */
  | { readonly kind: "mark-uploaded"; readonly prefix: string }
  /** The files of a retired snapshot are gone. */
  | { readonly kind: "forget-snapshot"; readonly prefix: string }
  | { readonly kind: "select-workers"; readonly selector: Readonly<Record<string, string>> };

/** A change that the actor's state does not allow. */
export class ChangeRefused extends Error {
  constructor(actor: ActorRecord, change: ActorChange) {
    super(`${change.kind} is not allowed while ${actor.atespace}/${actor.actorId} is ${actor.status}`);
    this.name = "ChangeRefused";
  }
}

/**
 * The actor after one change, one version on. `newGeneration` answers a number that was never given to any
 * actor of the store. Throws ChangeRefused.
 */
export function applyChange(
  actor: ActorRecord,
  change: ActorChange,
  newGeneration: () => number,
): ActorRecord {
  const changed = { ...changedFields(actor, change, newGeneration), version: actor.version + 1 };
  assertInvariants(changed, change);
  return changed;
}

function changedFields(actor: ActorRecord, change: ActorChange, newGeneration: () => number): ActorRecord {
  switch (change.kind) {
    case "bind":
      return { ...bind(actor, change.assignment, change.operation), generation: newGeneration() };
    case "advance":
      return advance(actor, change);
    case "commit-running":
      demand(actor.status === "RESUMING", actor, change);
      return { ...rest(actor, "RUNNING"), assignment: actor.assignment, runningSince: change.at };
    case "release":
      demand(actor.assignment !== undefined, actor, change);
      return { ...retirePending(rest(actor, change.status), actor), crashReason: change.reason };
    case "begin-checkpoint":
      demand(actor.status === "RUNNING" && actor.operation === undefined, actor, change);
      return {
        ...actor,
        status: change.operation.kind === "pause" ? "PAUSING" : "SUSPENDING",
        operation: change.operation,
      };
    case "commit-snapshot":
      demand(actor.assignment !== undefined && actor.operation !== undefined, actor, change);
      return commitSnapshot(actor, change);
    case "keep-running":
      demand(actor.status === "SUSPENDING" || actor.status === "PAUSING", actor, change);
      return { ...retirePending(rest(actor, "RUNNING"), actor), assignment: actor.assignment };
    case "begin-upload":
      demand(actor.status === "PAUSED", actor, change);
      return beginUpload(actor, change.operation, change.uri);
    case "settle":
      demand(actor.assignment === undefined, actor, change);
      return rest(actor, change.status);
    case "lose-worker":
      demand(actor.assignment !== undefined, actor, change);
      return { ...retirePending(actor, actor), status: "SUSPENDING", operation: change.operation };
    case "begin-delete":
      demand(actor.status === "SUSPENDED" && actor.operation === undefined, actor, change);
      return {
        ...actor,
        status: "DELETING",
        operation: change.operation,
        snapshots: [],
        retired: [...actor.retired, ...actor.snapshots],
      };
    case "mark-uploaded":
      return markUploaded(actor, change.prefix);
    case "forget-snapshot":
      return { ...actor, retired: actor.retired.filter((snapshot) => snapshot.prefix !== change.prefix) };
    case "select-workers":
      return { ...actor, workerSelector: change.selector };
  }
}

function bind(actor: ActorRecord, assignment: Assignment, operation: OperationRecord): ActorRecord {
  // A suspend that only waits for its upload gives way: the local copy is restored meanwhile (L5).
  const uploading = actor.status === "SUSPENDING" && actor.assignment === undefined;
  const again = actor.status === "RESUMING" && actor.operation?.id === operation.id;
  const resting = actor.operation === undefined && ["SUSPENDED", "PAUSED"].includes(actor.status);
  demand(uploading || again || resting, actor, { kind: "bind", assignment, operation });
  return { ...actor, status: "RESUMING", assignment, operation };
}

function advance(actor: ActorRecord, change: ActorChange & { kind: "advance" }): ActorRecord {
  const { operation } = actor;
  if (operation === undefined) throw new ChangeRefused(actor, change);
  return {
    ...actor,
    status: change.status ?? actor.status,
    operation: {
      ...operation,
      step: change.step,
      attempt: change.attempt ?? 0,
      ...(change.settleUntil !== undefined && { settleUntil: change.settleUntil }),
    },
  };
}

function commitSnapshot(actor: ActorRecord, change: ActorChange & { kind: "commit-snapshot" }): ActorRecord {
  const kept = actor.snapshots.filter((snapshot) => snapshot.uploaded && !change.snapshot.uploaded);
  const superseded = actor.snapshots.filter((snapshot) => !kept.includes(snapshot));
  const committed = {
    ...rest(actor, change.rest ?? "SUSPENDED"),
    snapshots: [...kept, change.snapshot],
    retired: [...actor.retired, ...superseded],
  };
  if (change.step === undefined || actor.operation === undefined) return committed;
  return {
    ...committed,
    status: actor.status,
    operation: { ...actor.operation, step: change.step, attempt: 0 },
  };
}

function beginUpload(actor: ActorRecord, operation: OperationRecord, uri: string): ActorRecord {
  const snapshots = actor.snapshots.map((snapshot, index) =>
    index === actor.snapshots.length - 1 && !snapshot.uploaded ? { ...snapshot, uri } : snapshot,
  );
  return { ...actor, status: "SUSPENDING", operation, snapshots };
}

function markUploaded(actor: ActorRecord, prefix: string): ActorRecord {
  const index = actor.snapshots.findIndex((snapshot) => snapshot.prefix === prefix);
  const uploaded = actor.snapshots[index];
  if (uploaded === undefined) return actor;
  // A suspend gave up waiting for the upload and left it PAUSED.
  const stored = actor.status === "PAUSED" && !actor.operation && index === actor.snapshots.length - 1;
  return {
    ...actor,
    status: stored ? "SUSPENDED" : actor.status,
    snapshots: [{ ...uploaded, uploaded: true }, ...actor.snapshots.slice(index + 1)],
    retired: [...actor.retired, ...actor.snapshots.slice(0, index)],
  };
}

/** What an operation began to write and did not commit may lie on the node all the same: it is deleted. */
function retirePending(changed: ActorRecord, { operation, assignment }: ActorRecord): ActorRecord {
  if (!operation?.pending || !assignment) return changed;
  const { node, hardwareKey } = assignment;
  const left: Snapshot = { ...operation.pending, node, hardwareKey, uploaded: false, committedAt: 0 };
  return { ...changed, retired: [...changed.retired, left] };
}

/** Without worker, operation and crash. */
function rest(actor: ActorRecord, status: ActorStatus): ActorRecord {
  const { assignment: _assignment, operation: _operation, crashReason: _crashReason, ...kept } = actor;
  return { ...kept, status };
}

function demand(allowed: boolean, actor: ActorRecord, change: ActorChange): void {
  if (!allowed) throw new ChangeRefused(actor, change);
}

function assertInvariants(actor: ActorRecord, change: ActorChange): void {
  const bound = actor.assignment !== undefined;
  const resting = ["SUSPENDED", "PAUSED", "CRASHED", "DELETING"].includes(actor.status);
  if (bound && resting) throw new Error(`L1 broken by ${change.kind}: ${actor.status} with a worker`);
  if (!bound && (actor.status === "RUNNING" || actor.status === "RESUMING")) {
    throw new Error(`L1 broken by ${change.kind}: ${actor.status} without a worker`);
  }
  const transitional = ["RESUMING", "SUSPENDING", "PAUSING", "DELETING"].includes(actor.status);
  if (transitional && actor.operation === undefined) {
    throw new Error(`L3 broken by ${change.kind}: ${actor.status} without an operation`);
  }
}
