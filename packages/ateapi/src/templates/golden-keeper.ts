// Makes the golden snapshot of each template, and says in the template's status where that stands. The
// truth is in the golden actor's record; the status follows it.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ActorTemplate, TemplatePhase } from "@agent-substrate/contract";
import { type Logger, raceAbort } from "@agent-substrate/process-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type ActorRecord,
  goldenAtespace,
  latestSnapshot,
  type SnapshotScope,
} from "../actors/actor-record.ts";
import { deleteLimitMs } from "../operations/delete.ts";
import type { OperationEngine } from "../operations/engine.ts";
import { newOperation } from "../operations/engine.ts";
import { makeGoldenLimitMs } from "../operations/make-golden.ts";
import type { OperationWorld } from "../operations/operation-world.ts";
import { assignmentOf } from "../placement/assignment.ts";
import { demandOfActor } from "../placement/demand-of-actor.ts";
import type { Resource } from "../resources/resource-catalog.ts";
import { newSnapshotPrefix } from "../snapshots/snapshot-locations.ts";
import { isRefusal } from "../storage/store.ts";
import { goldenActorOf } from "./golden-actor.ts";
import { nextStatus, templateStatus } from "./template-status.ts";

type Template = Resource<ActorTemplate>;

/** Tries before a template is Failed. */
const triesMax = 3;
const retryMs = 2000;

export class GoldenKeeper {
  readonly #world: OperationWorld;
  readonly #engine: OperationEngine;
  readonly #log: Logger;
  readonly #making = new Map<string, AbortController>();
  readonly #poolsChanged = new Set<() => void>();

  constructor(world: OperationWorld, engine: OperationEngine) {
    this.#world = world;
    this.#engine = engine;
    this.#log = world.log;
    world.catalog.onChange((after, before) => {
      if ((after ?? before)?.kind === "WorkerPool") for (const wake of [...this.#poolsChanged]) wake();
    });
    world.actors.onChange((after) => {
      if (after?.golden) this.#showProgress(after);
    });
  }

  /** Before the actors are loaded: what was made before. Removes golden actors without a template. */
  async load(): Promise<void> {
    const actors = await this.#listGoldenActors();
    const wanted = new Map(
      this.#world.catalog.templates().map((template) => [goldenActorOf(template).actorId, template]),
    );
    for (const actor of actors) {
      const template = wanted.get(actor.actorId);
      const snapshot = latestSnapshot(actor);
      if (template && snapshot) this.#world.goldens.set(template, snapshot);
    }
  }

  /** After everything is loaded: goes on with what is not made, and deletes what nobody wants. */
  async start(): Promise<void> {
    const wanted = new Set<string>();
    for (const template of this.#world.catalog.templates()) {
      wanted.add(goldenActorOf(template).actorId);
      const { phase, reason } = templateStatus(template);
      if (this.#world.goldens.find(template)) continue;
      if (phase === "Failed") this.#world.goldens.fail(template, reason);
      else this.make(template);
    }
    for (const actor of await this.#listGoldenActors()) {
      if (!wanted.has(actor.actorId)) void this.#deleteActor(actor);
    }
  }

  /** Begins, or begins anew after a failure. Does nothing while it is being made or when it exists. */
  make(template: Template): void {
    if (this.#making.has(template.uid) || this.#world.goldens.find(template)) return;
    this.#world.goldens.retry(template);
    const abort = new AbortController();
    this.#making.set(template.uid, abort);
    this.#makeUntilDone(template, abort.signal)
      .catch((error) => {
        if (!abort.signal.aborted) this.#log.error({ err: error, template: template.name }, "golden stuck");
      })
      .finally(() => this.#making.delete(template.uid));
  }

  /** What a Failed template lacked may be there now: an image, a secret. */
  retryFailed(): void {
    for (const template of this.#world.catalog.templates()) {
      if (templateStatus(template).phase === "Failed") this.make(template);
    }
  }

  /** The template is gone, and its golden actor goes too. */
  async forget(template: Template): Promise<void> {
    this.#making.get(template.uid)?.abort();
    this.#world.goldens.forget(template);
    const actor = await this.#world.actors.get(goldenActorOf(template));
    if (actor) void this.#deleteActor(actor);
  }

  stop(): void {
    for (const abort of this.#making.values()) abort.abort();
  }

  async #makeUntilDone(template: Template, signal: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries++) {
      const failure = await this.#makeOnce(template, signal);
      signal.throwIfAborted();
      if (!failure) return;
      const { rawMessage } = ConnectError.from(failure);
      if (tries >= triesMax) {
        await this.#setStatus(template, "Failed", rawMessage);
        this.#world.goldens.fail(template, rawMessage);
        return;
      }
      await this.#setStatus(template, "ResumeGoldenActor", `try ${tries} failed: ${rawMessage}`);
      await sleep(retryMs * tries, undefined, { signal });
    }
  }

  async #makeOnce(template: Template, signal: AbortSignal): Promise<unknown> {
    const actor = await this.#goldenActor(template);
    const snapshot = latestSnapshot(actor);
    if (snapshot) {
      await this.#ready(template, actor);
      return undefined;
    }
    let outcome: Awaited<ReturnType<OperationEngine["outcome"]>>;
    if (actor.operation) outcome = await this.#engine.outcome(actor.operation.id);
    else outcome = await this.#begin(template, actor, signal);
    if (outcome.failure) return outcome.failure;
    const made = await this.#goldenActor(template);
    if (!latestSnapshot(made)) return new ConnectError("its worker was lost", Code.Unavailable);
    await this.#ready(template, made);
    return undefined;
  }

  async #begin(template: Template, actor: ActorRecord, signal: AbortSignal) {
    await this.#setStatus(template, "ResumeGoldenActor", "waits for a free worker");
    using reservation = await this.#place(template, actor, signal);
    const prefix = newSnapshotPrefix();
    const uri = this.#world.locations.uriOf(actor, prefix);
    const scope = goldenScope(template);
    const operation = newOperation(
      { kind: "make-golden", cause: "template", step: "boot", pending: { prefix, scope, uri } },
      makeGoldenLimitMs,
    );
    const assignment = assignmentOf(reservation.worker);
    const begun = await this.#engine.begin(actor, { kind: "bind", assignment, operation });
    return begun.outcome;
  }

  async #place(template: Template, actor: ActorRecord, signal: AbortSignal) {
    for (;;) {
      const { promise: changed, resolve } = Promise.withResolvers<void>();
      this.#poolsChanged.add(resolve);
      try {
        const { catalog, nodes } = this.#world;
        const demand = demandOfActor(actor, template, undefined, catalog, nodes);
        return await this.#world.placement.place(goldenAtespace, demand, signal);
      } catch (error) {
        if (ConnectError.from(error).code !== Code.FailedPrecondition) throw error;
        await this.#setStatus(template, "ResumeGoldenActor", ConnectError.from(error).rawMessage);
        await raceAbort(changed, signal);
      } finally {
        this.#poolsChanged.delete(resolve);
      }
    }
  }

  async #goldenActor(template: Template): Promise<ActorRecord> {
    const name = goldenActorOf(template);
    const known = await this.#world.actors.get(name);
    if (known) return known;
    try {
      return await this.#world.actors.create({
        ...name,
        uid: randomUUID(),
        templateNamespace: template.namespace,
        templateName: template.name,
        golden: true,
        workerSelector: {},
        createdAt: Date.now(),
      });
    } catch (error) {
      if (isRefusal(error, "exists")) return this.#goldenActor(template);
      throw error;
    }
  }

  async #ready(template: Template, actor: ActorRecord): Promise<void> {
    const snapshot = latestSnapshot(actor);
    if (!snapshot) return;
    await this.#setStatus(template, "Ready", "the golden snapshot is stored", {
      goldenSnapshot: snapshot.uri ?? "",
    });
    this.#world.goldens.set(template, snapshot);
  }

  #showProgress(actor: ActorRecord): void {
    const { operation } = actor;
    if (operation?.kind !== "make-golden" || operation.step === "boot") return;
    const template = this.#world.catalog.template(actor.templateNamespace, actor.templateName);
    if (!template || goldenActorOf(template).actorId !== actor.actorId) return;
    const at = new Date(operation.settleUntil ?? Date.now()).toISOString();
    this.#setStatus(template, "WaitGoldenActor", "takes the golden snapshot", {
      takeGoldenSnapshotAt: at,
    }).catch((error) => this.#log.error({ err: error, template: template.name }, "status not written"));
  }

  #setStatus(
    template: Template,
    phase: TemplatePhase,
    message: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    return this.#world.catalog.putStatus(template, (present) => ({
      ...nextStatus(present.status, phase, message),
      goldenActorID: goldenActorOf(template).actorId,
      ...more,
    }));
  }

  async #deleteActor(actor: ActorRecord): Promise<void> {
    try {
      if (actor.operation) await this.#engine.outcome(actor.operation.id);
      const present = await this.#world.actors.get(actor);
      if (present?.uid !== actor.uid) return;
      const operation = newOperation({ kind: "delete", cause: "template", step: "snapshots" }, deleteLimitMs);
      await this.#engine.begin(present, { kind: "begin-delete", operation });
    } catch (error) {
      this.#log.warn(
        { err: error, actor: actor.actorId },
        "golden actor not deleted; tried again at the next start",
      );
    }
  }

  async #listGoldenActors(): Promise<ActorRecord[]> {
    return this.#world.actors.list({ atespace: goldenAtespace, limit: 1000 });
  }
}

/** Memory is of no use where every later snapshot leaves it out; its class may not even know how to keep it. */
function goldenScope({ object }: Template): SnapshotScope {
  const { onPause, onCommit } = object.spec.snapshotsConfig;
  return onPause === "Data" && onCommit === "Data" ? "data" : "full";
}
