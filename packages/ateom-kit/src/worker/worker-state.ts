import type { ActorKey } from "@agent-substrate/contract";
import type { Workload } from "../back-end.ts";

/** A workload on a worker. */
export interface Execution {
  readonly workload: Workload;
  readonly since: Date;
  /** Ends the wait for readiness and the author's call, with the reason that callers are told. */
  readonly end: AbortController;
}

/**
 * `ending` covers whatever leads to a blank worker. An `unusable` worker could not be made blank; only
 * Terminate, or a restart of the process, leads out of it.
 */
export type WorkerState =
  | { readonly kind: "available" }
  | { readonly kind: "starting"; readonly execution: Execution }
  | { readonly kind: "executing"; readonly execution: Execution; readonly isFrozen: boolean }
  | { readonly kind: "checkpointing"; readonly execution: Execution }
  | { readonly kind: "ending"; readonly execution?: Execution }
  | { readonly kind: "unusable"; readonly reason: string }
  | { readonly kind: "closed" };

const next: Readonly<Record<WorkerState["kind"], readonly WorkerState["kind"][]>> = {
  available: ["starting", "ending", "closed"],
  starting: ["executing", "ending"],
  executing: ["executing", "checkpointing", "ending", "closed"],
  checkpointing: ["executing", "available", "ending"],
  ending: ["available", "unusable", "closed"],
  unusable: ["ending", "closed"],
  closed: [],
};

/** The only way from state to state. */
export function moveWorker(from: WorkerState, to: WorkerState): WorkerState {
  if (!next[from.kind].includes(to.kind))
    throw new Error(`a worker cannot go from ${from.kind} to ${to.kind}`);
  return to;
}

/** The execution that a state has, if it has one. */
export function executionOf(state: WorkerState): Execution | undefined {
  return "execution" in state ? state.execution : undefined;
}

/** `<namespace>:<template>:<actor id>`, as in paths. */
export function actorName({ namespace, template, actorId }: ActorKey): string {
  return `${namespace}:${template}:${actorId}`;
}
