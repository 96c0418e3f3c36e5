import type { Phase } from "@agent-substrate/contract";

/** Something that happened, for people. */
export interface EventRecord {
  /** Grows. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** CamelCase, one word: `Resumed`, `Suspended`, `WorkerLost`. */
  readonly reason: string;
  /** One sentence. */
  readonly message: string;
  /** "" where it is about no actor. */
  readonly atespace: string;
  readonly actorId: string;
  /** Uid of the worker, or "". */
  readonly worker: string;
  readonly operationId: string;
  /** Add up to the wall time of the operation (L12). */
  readonly phases: readonly Phase[];
}
