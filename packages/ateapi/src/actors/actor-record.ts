// What the store keeps of an actor. Everything about one actor is one document with one version,
// so that an actor and its worker change together (L1) and every write is a compare-and-set (L2).

/** (atespace, actor id): unique among the actors that exist now. */
export interface ActorName {
  readonly atespace: string;
  readonly actorId: string;
}

export type ActorStatus =
  | "RESUMING"
  | "RUNNING"
  | "SUSPENDING"
  | "SUSPENDED"
  | "PAUSING"
  | "PAUSED"
  | "CRASHED"
  | "DELETING";

/** A status without a worker and without an operation. */
export type RestingStatus = "SUSPENDED" | "PAUSED" | "CRASHED";

/** `full`: memory, root filesystem and volumes. `data`: durable volumes only. */
export type SnapshotScope = "full" | "data";

/** The worker that an actor is bound to, as it was when it was bound. */
export interface Assignment {
  readonly workerUid: string;
  readonly node: string;
  /** First IPv4 address of the worker; routers forward to it. */
  readonly address: string;
  readonly poolNamespace: string;
  readonly poolName: string;
  readonly podName: string;
  /** Boot id of the worker's back end; another one means that the workload is gone. */
  readonly bootId: string;
  readonly hardwareKey: string;
}

/** A committed snapshot (L5). */
export interface Snapshot {
  /** Plain name, unique in the store; names the local copy on its node. */
  readonly prefix: string;
  readonly scope: SnapshotScope;
  /** The node that wrote it and holds the local copy. */
  readonly node: string;
  /** Where it is stored, or will be when `uploaded` is false. */
  readonly uri?: string;
  readonly uploaded: boolean;
  /** "" where the back end declares none; else only workers with the same key may restore it. */
  readonly hardwareKey: string;
  /** Milliseconds since the epoch. */
  readonly committedAt: number;
}

export type OperationKind = "resume" | "suspend" | "pause" | "delete" | "make-golden" | "revert";

/** Who asked for an operation; a resume waits for what the system began by itself. */
export type OperationCause = "caller" | "idle" | "loss" | "template";

/** What is being done to an actor; survives the control plane (L3). */
export interface OperationRecord {
  readonly id: string;
  readonly kind: OperationKind;
  readonly cause: OperationCause;
  readonly step: string;
  /** How often the present step was begun anew, from 0. */
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch; past it the operation is driven to a resting state. */
  readonly deadlineAt: number;
  /** Resume: boot from the image although there is a golden snapshot. */
  readonly boot?: boolean;
  /** Resume: where the actor goes back to when it fails. */
  readonly origin?: RestingStatus;
  /** Resume: how many workers were given up because they failed. */
  readonly workersFailed?: number;
  /** Make-golden: when the snapshot is taken, in milliseconds since the epoch. */
  readonly settleUntil?: number;
  /** Suspend, pause, make-golden: the snapshot being written. */
  readonly pending?: { readonly prefix: string; readonly scope: SnapshotScope; readonly uri?: string };
  /** Revert: why the worker was lost; for people. */
  readonly reason?: string;
}

export interface ActorRecord extends ActorName {
  /** Unique over all actors and time. */
  readonly uid: string;
  /** Starts at 1 and counts every write. */
  readonly version: number;
  readonly templateNamespace: string;
  readonly templateName: string;
  /** Belongs to its template, which takes the golden snapshot from it. */
  readonly golden: boolean;
  /** Labels that a pool must have, beside what the template selects. */
  readonly workerSelector: Readonly<Record<string, string>>;
  readonly status: ActorStatus;
  /** Counts bindings; carried by every call about one (L13). */
  readonly generation: number;
  readonly assignment?: Assignment;
  /** Committed snapshots, newest last. The newest is what a resume restores. */
  readonly snapshots: readonly Snapshot[];
  /** Superseded; their files are still to be deleted. */
  readonly retired: readonly Snapshot[];
  readonly operation?: OperationRecord;
  /** Why it is CRASHED; for people. */
  readonly crashReason?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** When it last became RUNNING, in milliseconds since the epoch. */
  readonly runningSince?: number;
}

/** Atespace of the golden actors; nobody else may create there. */
export const goldenAtespace = "ate-golden";

export function latestSnapshot(actor: ActorRecord): Snapshot | undefined {
  return actor.snapshots.at(-1);
}

/** `<atespace>/<actor id>`, as messages for people name an actor. */
export function displayName(actor: ActorName): string {
  return `${actor.atespace}/${actor.actorId}`;
}

/** Has a worker, an operation, or snapshots to upload or delete: somebody must still do something. */
export function isUnsettled(actor: ActorRecord): boolean {
  return (
    actor.assignment !== undefined ||
    actor.operation !== undefined ||
    actor.retired.length > 0 ||
    actor.snapshots.some(awaitsUpload)
  );
}

/** Shall be stored elsewhere and is not yet. */
export function awaitsUpload(snapshot: Snapshot): boolean {
  return snapshot.uri !== undefined && !snapshot.uploaded;
}
