// Begins suspends, pauses and deletions. Who asks for what is in flight already joins it; who asks for
// something else is told ABORTED.
import type { ActorChange } from "../actors/actor-changes.ts";
import {
  type ActorName,
  type ActorRecord,
  latestSnapshot,
  type OperationCause,
  type OperationKind,
  type OperationRecord,
  type SnapshotScope,
} from "../actors/actor-record.ts";
import { newSnapshotPrefix } from "../snapshots/snapshot-locations.ts";
import { isRefusal } from "../storage/store.ts";
import { deleteLimitMs } from "./delete.ts";
import { newOperation, type OperationEngine, type OperationOutcome } from "./engine.ts";
import { belongsToTemplate, busy, lostRace, noSuchActor, wrongStatus } from "./lifecycle-errors.ts";
import type { OperationWorld } from "./operation-world.ts";
import { pauseLimitMs } from "./pause.ts";
import { suspendLimitMs } from "./suspend.ts";
import { templateOf } from "./workload-calls.ts";

const racesMax = 8;

/** Nothing was to be done, or how the operation ended. */
export type LifecycleOutcome = Pick<OperationOutcome, "actor"> &
  Partial<Pick<OperationOutcome, "failure" | "phases">>;

/** What an actor's present state allows: a change that begins the operation, or the actor as it is. */
type Beginning =
  | { readonly begin: ActorChange & { readonly operation: OperationRecord } }
  | { readonly settle: ActorChange }
  | { readonly done: true };

export class Lifecycle {
  readonly #world: OperationWorld;
  readonly #engine: OperationEngine;

  constructor(world: OperationWorld, engine: OperationEngine) {
    this.#world = world;
    this.#engine = engine;
  }

  suspend(name: ActorName): Promise<LifecycleOutcome> {
    return this.#do(name, "suspend", (actor) => this.#beginSuspend(actor, "caller"));
  }

  pause(name: ActorName): Promise<LifecycleOutcome> {
    return this.#do(name, "pause", (actor) => this.#beginPause(actor));
  }

  delete(name: ActorName): Promise<LifecycleOutcome> {
    return this.#do(name, "delete", (actor) => {
      if (actor.status !== "SUSPENDED") throw wrongStatus(actor, "only a suspended actor can be deleted");
      const operation = newOperation({ kind: "delete", cause: "caller", step: "snapshots" }, deleteLimitMs);
      return { begin: { kind: "begin-delete", operation } };
    });
  }

  /** For the system itself: suspends an actor that runs and is idle. Whatever stands against it is silent. */
  async suspendIdle(actor: ActorRecord): Promise<void> {
    if (actor.status !== "RUNNING" || actor.operation) return;
    try {
      const beginning = this.#beginSuspend(actor, "idle");
      if ("begin" in beginning) await this.#engine.begin(actor, beginning.begin);
    } catch (error) {
      if (isRefusal(error)) return;
      this.#world.failedSuspends.failed(actor);
      this.#world.log.warn({ err: error, actor: actor.actorId }, "idle actor not suspended");
    }
  }

  async #do(
    name: ActorName,
    kind: OperationKind,
    beginningOf: (actor: ActorRecord) => Beginning,
  ): Promise<LifecycleOutcome> {
    for (let races = 0; races < racesMax; races++) {
      const actor = await this.#world.actors.get(name);
      if (!actor) throw noSuchActor(name);
      if (actor.golden) throw belongsToTemplate(name);
      if (actor.operation) {
        if (actor.operation.kind !== kind) throw busy(actor);
        return this.#engine.outcome(actor.operation.id);
      }
      const beginning = beginningOf(actor);
      if ("done" in beginning) return { actor };
      try {
        if ("settle" in beginning) return { actor: await this.#world.actors.change(actor, beginning.settle) };
        const { outcome } = await this.#engine.begin(actor, beginning.begin);
        return await outcome;
      } catch (error) {
        if (!isRefusal(error, "stale", "not-allowed")) throw error;
      }
    }
    throw lostRace(name);
  }

  #beginSuspend(actor: ActorRecord, cause: OperationCause): Beginning {
    if (actor.status === "SUSPENDED") return { done: true };
    // The explicit way back from a crash: traffic alone does not take it.
    if (actor.status === "CRASHED") return { settle: { kind: "settle", status: "SUSPENDED" } };
    const snapshot = latestSnapshot(actor);
    if (actor.status === "PAUSED") {
      if (!snapshot || snapshot.uploaded) return { settle: { kind: "settle", status: "SUSPENDED" } };
      const operation = newOperation({ kind: "suspend", cause, step: "upload" }, suspendLimitMs);
      const uri = snapshot.uri ?? this.#world.locations.uriOf(actor, snapshot.prefix);
      return { begin: { kind: "begin-upload", operation, uri } };
    }
    const { onCommit } = this.#templateSpec(actor).snapshotsConfig;
    const prefix = newSnapshotPrefix();
    const pending = { prefix, scope: scopeOf(onCommit), uri: this.#world.locations.uriOf(actor, prefix) };
    const limitMs = suspendLimitMs + this.#drainMs(actor);
    const operation = newOperation({ kind: "suspend", cause, step: "drain", pending }, limitMs);
    return { begin: { kind: "begin-checkpoint", operation } };
  }

  #beginPause(actor: ActorRecord): Beginning {
    if (actor.status === "PAUSED") return { done: true };
    if (actor.status !== "RUNNING") throw wrongStatus(actor, "only a running actor can be paused");
    const { onPause } = this.#templateSpec(actor).snapshotsConfig;
    const pending = { prefix: newSnapshotPrefix(), scope: scopeOf(onPause) };
    const limitMs = pauseLimitMs + this.#drainMs(actor);
    const operation = newOperation({ kind: "pause", cause: "caller", step: "drain", pending }, limitMs);
    return { begin: { kind: "begin-checkpoint", operation } };
  }

  #templateSpec(actor: ActorRecord) {
    return templateOf(this.#world.catalog, actor).object.spec;
  }

  #drainMs(actor: ActorRecord): number {
    return this.#templateSpec(actor).lifecycle.drainSeconds * 1000;
  }
}

function scopeOf(scope: "Full" | "Data"): SnapshotScope {
  return scope === "Full" ? "full" : "data";
}
