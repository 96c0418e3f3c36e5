import type { PhaseClock } from "@agent-substrate/contract";
import type { ConnectError } from "@connectrpc/connect";
import type { ActorChange } from "../actors/actor-changes.ts";
import type { ActorRecord, OperationKind, OperationRecord } from "../actors/actor-record.ts";

/** One operation while it is driven. */
export interface OperationRun {
  /** As last written. */
  readonly actor: ActorRecord;
  readonly operation: OperationRecord;
  readonly clock: PhaseClock;
  /** Aborts at the operation's deadline, and when the control plane stops. */
  readonly signal: AbortSignal;
  /** Aborts when the control plane stops: a step then leaves everything as it is. */
  readonly stopping: AbortSignal;
}

/** What a step decided. */
export type StepOutcome =
  /** Write this; it names the next step or ends the operation. `failure` is what callers are told. */
  | { readonly change: ActorChange; readonly failure?: ConnectError; readonly reservation?: Disposable }
  /** The step may succeed if it is done again. */
  | { readonly again: ConnectError }
  /** The operation was the actor's last. */
  | { readonly remove: true };

/**
 * One step. It is idempotent: after a crash it is done again from its beginning. It rejects only for
 * faults of the program; what a node or a store refuses is an outcome.
 */
export type Step = (run: OperationRun) => Promise<StepOutcome>;

/** The steps of an operation by name; which one follows is in the change that a step answers. */
export interface OperationTable {
  readonly kind: OperationKind;
  readonly steps: Readonly<Record<string, Step>>;
}
