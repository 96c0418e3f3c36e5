/**
 * `available`: blank and ready. `executing`: runs an assignment. `unknown`: may still run what no actor is
 * bound to, and nobody can tell; it is given to nobody.
 */
export type WorkerState = "starting" | "available" | "executing" | "ending" | "unknown";

/** A worker as its node last told of it. */
export interface WorkerRecord {
  readonly uid: string;
  readonly node: string;
  readonly poolNamespace: string;
  readonly poolName: string;
  readonly podName: string;
  readonly sandboxClass: string;
  readonly address: string;
  /** Of a worker that is listed: `available` or `unknown`, for its node tells no more. */
  readonly state: WorkerState;
  /** Listed in a file: its node reports neither state nor losses. */
  readonly isListed: boolean;
  readonly bootId: string;
  readonly hardwareKey: string;
  /** Of the assignment that it executes or executed last. */
  readonly generation: number;
  readonly actorAtespace: string;
  readonly actorId: string;
  /** Why it is still starting, or unknown; for people. */
  readonly message: string;
  /** Counts what changed since the control plane first heard of it. */
  readonly version: number;
  /** Since when it has been without an actor, in milliseconds of the monotonic clock. */
  readonly freeSince: number;
}
