// Drives every operation to its end. An operation is in its actor's record; whoever writes one there
// has begun it, and this notices. So what an earlier control plane began goes on when the record is
// loaded (L3), and no operation is tied to the connection of its caller (L4).
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Phase, PhaseClock } from "@agent-substrate/contract";
import type { Logger } from "@agent-substrate/process-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ActorChange } from "../actors/actor-changes.ts";
import {
  type ActorRecord,
  displayName,
  type OperationKind,
  type OperationRecord,
} from "../actors/actor-record.ts";
import type { LiveActors } from "../actors/live-actors.ts";
import { isRefusal } from "../storage/store.ts";
import type { OperationTable, StepOutcome } from "./operation-table.ts";

/** How an operation ended. */
export interface OperationOutcome {
  readonly operation: OperationRecord;
  /** As it was when the operation ended. */
  readonly actor: ActorRecord;
  readonly failure?: ConnectError;
  readonly phases: readonly Phase[];
}

/** An operation that is in the store and will come to its end. */
export interface BegunOperation {
  readonly outcome: Promise<OperationOutcome>;
}

interface Drive {
  readonly outcome: Promise<OperationOutcome>;
  settle(outcome: OperationOutcome): void;
  abandon(error: ConnectError): void;
}

/** Waits between the tries of one step: doubling from here. */
const retryMinMs = 100;
const retryMaxMs = 5000;

export class OperationEngine {
  readonly #actors: LiveActors;
  readonly #tables: ReadonlyMap<OperationKind, OperationTable>;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #drives = new Map<string, Drive>();
  readonly #clocks = new Map<string, PhaseClock>();
  readonly #onEnd: (outcome: OperationOutcome) => void;

  constructor(
    actors: LiveActors,
    tables: readonly OperationTable[],
    log: Logger,
    onEnd: (outcome: OperationOutcome) => void,
  ) {
    this.#actors = actors;
    this.#tables = new Map(tables.map((table) => [table.kind, table]));
    this.#log = log;
    this.#onEnd = onEnd;
    actors.onChange((after) => {
      if (after?.operation) this.#notice(after, after.operation);
    });
  }

  get inFlight(): number {
    return this.#drives.size;
  }

  /** Writes a change that begins an operation. Rejects with the store's refusals; then nothing began. */
  async begin(
    actor: ActorRecord,
    change: ActorChange & { readonly operation: OperationRecord },
    clock = new PhaseClock(),
  ): Promise<BegunOperation> {
    const { id } = change.operation;
    this.#clocks.set(id, clock);
    try {
      await clock.measure("begin", () => this.#actors.change(actor, change));
    } catch (error) {
      this.#clocks.delete(id);
      throw error;
    }
    return { outcome: this.outcome(id) };
  }

  /** How an operation in flight ends; UNAVAILABLE when this control plane stops before it does. */
  outcome(operationId: string): Promise<OperationOutcome> {
    const drive = this.#drives.get(operationId);
    if (drive) return drive.outcome;
    const over = this.#stopping.signal.aborted
      ? stopping()
      : new ConnectError("the operation is over", Code.Aborted);
    const outcome = Promise.reject(over);
    // Whoever began it and does not wait for its end is not surprised by it either.
    outcome.catch(() => undefined);
    return outcome;
  }

  /** Leaves every operation where it stands; the next control plane drives it on. */
  stop(): void {
    this.#stopping.abort(stopping());
    for (const drive of this.#drives.values()) drive.abandon(stopping());
  }

  #notice(actor: ActorRecord, operation: OperationRecord): void {
    if (this.#drives.has(operation.id) || this.#stopping.signal.aborted) return;
    const { promise, resolve, reject } = Promise.withResolvers<OperationOutcome>();
    promise.catch(() => undefined);
    this.#drives.set(operation.id, { outcome: promise, settle: resolve, abandon: reject });
    void this.#drive(actor, operation);
  }

  async #drive(actor: ActorRecord, operation: OperationRecord): Promise<void> {
    const clock = this.#clocks.get(operation.id) ?? new PhaseClock();
    this.#clocks.delete(operation.id);
    const drive = this.#drives.get(operation.id);
    // Faults of the program or the store end no operation: L3 leaves no state without a way out.
    for (let faults = 0; ; faults++) {
      try {
        const present = faults === 0 ? actor : await this.#actors.get(actor);
        const outcome = await this.#toTheEnd(present ?? withoutOperation(actor), operation, clock);
        this.#drives.delete(operation.id);
        drive?.settle(outcome);
        this.#onEnd(outcome);
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#log.error({ err: error, actor: displayName(actor), operation, faults }, "operation faulted");
        await this.#pause(faults).catch(() => undefined);
      }
    }
  }

  async #toTheEnd(first: ActorRecord, begun: OperationRecord, clock: PhaseClock): Promise<OperationOutcome> {
    const table = this.#tables.get(begun.kind);
    const untilDeadline = AbortSignal.timeout(Math.max(1, begun.deadlineAt - Date.now()));
    const signal = AbortSignal.any([this.#stopping.signal, untilDeadline]);
    let actor = first;
    let failure: ConnectError | undefined;
    for (;;) {
      const operation = actor.operation;
      if (operation?.id !== begun.id) return { operation: begun, actor, failure, phases: clock.finish() };
      const step = table?.steps[operation.step];
      if (!step) throw new Error(`there is no step ${operation.step} of ${operation.kind}`);
      const outcome = await step({ actor, operation, clock, signal, stopping: this.#stopping.signal });
      this.#stopping.signal.throwIfAborted();
      if ("remove" in outcome) {
        await this.#remove(actor);
        return { operation: begun, actor, failure, phases: clock.finish() };
      }
      if ("change" in outcome) failure ??= outcome.failure;
      actor = await clock.measure("commit", () => this.#write(actor, operation, outcome));
      if ("again" in outcome) await this.#pause(operation.attempt);
    }
  }

  /** L2: on the version that was seen; where only something beside this operation changed, on the newer. */
  async #write(seen: ActorRecord, operation: OperationRecord, outcome: StepOutcome): Promise<ActorRecord> {
    using _reservation = "reservation" in outcome ? outcome.reservation : undefined;
    const change: ActorChange =
      "change" in outcome
        ? outcome.change
        : { kind: "advance", step: operation.step, attempt: operation.attempt + 1 };
    let actor = seen;
    for (let tries = 1; ; tries++) {
      try {
        return await this.#actors.change(actor, change);
      } catch (error) {
        const present = isRefusal(error, "stale") ? await this.#actors.get(seen) : undefined;
        if (present?.uid !== seen.uid || tries >= 20) throw error;
        const same = present.operation?.id === operation.id && present.operation.step === operation.step;
        if (!same) return present;
        actor = present;
      }
    }
  }

  async #remove(seen: ActorRecord): Promise<void> {
    const present = await this.#actors.get(seen);
    if (present?.uid === seen.uid) await this.#actors.remove(present);
  }

  async #pause(attempt: number): Promise<void> {
    const waitMs = Math.min(retryMaxMs, retryMinMs * 2 ** attempt);
    await sleep(waitMs, undefined, { signal: this.#stopping.signal });
  }
}

function withoutOperation(actor: ActorRecord): ActorRecord {
  const { operation: _operation, ...rest } = actor;
  return rest;
}

/** A new operation, to be written with the change that begins it. */
export function newOperation(
  operation: Pick<OperationRecord, "kind" | "cause" | "step"> &
    Partial<Omit<OperationRecord, "id" | "attempt" | "startedAt" | "deadlineAt">>,
  limitMs: number,
): OperationRecord {
  const startedAt = Date.now();
  return { ...operation, id: randomUUID(), attempt: 0, startedAt, deadlineAt: startedAt + limitMs };
}

function stopping(): ConnectError {
  return new ConnectError(
    "the control plane is stopping; the operation goes on when it is back",
    Code.Unavailable,
  );
}
