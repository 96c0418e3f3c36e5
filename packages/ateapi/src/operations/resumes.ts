// ResumeActor: everybody who asks for one actor waits for one resume. Waiting for a worker is not yet an
// operation: the actor is where it was, and when all who asked have gone, nobody waits (L8). From the
// binding on it is one, and goes on whoever hangs up (L4).
import { PhaseClock } from "@agent-substrate/contract";
import type { ConnectError } from "@connectrpc/connect";
import type { ActorName, ActorRecord } from "../actors/actor-record.ts";
import { displayName, latestSnapshot } from "../actors/actor-record.ts";
import { assignmentOf } from "../placement/assignment.ts";
import { type Demand, satisfies } from "../placement/choose-worker.ts";
import { demandOfActor, wantsWorkers } from "../placement/demand-of-actor.ts";
import type { Reservation } from "../placement/placement.ts";
import { eligiblePools } from "../pools/eligible-pools.ts";
import { poolFailure } from "../pools/pool-failure.ts";
import { isRefusal } from "../storage/store.ts";
import { newOperation, type OperationEngine, type OperationOutcome } from "./engine.ts";
import {
  belongsToTemplate,
  busy,
  crashed,
  lostRace,
  noFreeWorkers,
  noGoldenYet,
  noSuchActor,
  resumingWithoutBoot,
  tooManyWait,
} from "./lifecycle-errors.ts";
import type { OperationWorld } from "./operation-world.ts";
import { restingStatus, resumeLimitMs } from "./resume.ts";
import { templateOf } from "./workload-calls.ts";

/** Longest wait for a worker or a golden snapshot. */
export const queuePatienceMs = 20_000;
/** Races lost to other writers before a resume gives up. */
const racesMax = 8;
/** Actors that may be asked for at a time (L11). */
const groupsMax = 10_000;

/** What those who wait are told. Without an operation the actor was RUNNING already. */
export type ResumeOutcome = Pick<OperationOutcome, "actor" | "phases"> & { readonly failure?: ConnectError };

export interface ResumeOptions {
  readonly boot: boolean;
  /** The caller hung up, or its deadline passed. */
  readonly signal: AbortSignal;
  /** How long this caller waits for a worker. */
  readonly patienceMs: number;
}

/** How far a resume has come; who waits is told what is lacking when patience ends. */
interface Progress {
  /** Aborts when nobody waits any more. */
  readonly abandoned: AbortController;
  /** Nothing is written yet: a caller may give up. */
  queued: boolean;
  /** The template whose golden snapshot is waited for. */
  awaitedTemplate: string | undefined;
  /** Those whose workers would do, once they are known. */
  pools: ReadonlySet<string>;
  /** What is queued for. */
  demand: Demand | undefined;
}

interface Group extends Progress {
  readonly boot: boolean;
  readonly outcome: Promise<ResumeOutcome>;
  callers: number;
}

export class Resumes {
  readonly #world: OperationWorld;
  readonly #engine: OperationEngine;
  readonly #touch: (actor: ActorRecord) => void;
  readonly #groups = new Map<string, Group>();

  constructor(world: OperationWorld, engine: OperationEngine, touch: (actor: ActorRecord) => void) {
    this.#world = world;
    this.#engine = engine;
    this.#touch = touch;
  }

  async resume(name: ActorName, options: ResumeOptions): Promise<ResumeOutcome> {
    const group = this.#join(name, options.boot);
    group.callers++;
    try {
      return await this.#waitPatiently(group, options);
    } finally {
      if (--group.callers === 0 && group.queued) group.abandoned.abort(this.#lackOf(group));
    }
  }

  #join(name: ActorName, boot: boolean): Group {
    const key = displayName(name);
    const present = this.#groups.get(key);
    if (present && !present.abandoned.signal.aborted) {
      if (boot && !present.boot) throw resumingWithoutBoot(name);
      return present;
    }
    if (this.#groups.size >= groupsMax) throw tooManyWait();
    const progress: Progress = {
      abandoned: new AbortController(),
      queued: true,
      awaitedTemplate: undefined,
      pools: new Set(),
      demand: undefined,
    };
    const outcome = this.#run(name, boot, progress).finally(() => {
      if (this.#groups.get(key) === group) this.#groups.delete(key);
    });
    const group: Group = Object.assign(progress, { boot, outcome, callers: 0 });
    group.outcome.catch(() => undefined);
    this.#groups.set(key, group);
    return group;
  }

  async #run(name: ActorName, boot: boolean, progress: Progress): Promise<ResumeOutcome> {
    const clock = new PhaseClock();
    for (let races = 0; races < racesMax; races++) {
      const actor = await this.#world.actors.get(name);
      if (!actor) throw noSuchActor(name);
      if (actor.golden) throw belongsToTemplate(name);
      if (actor.status === "RUNNING" && !actor.operation) {
        this.#touch(actor);
        return { actor, phases: clock.finish() };
      }
      const pending = await this.#waitForOthers(actor, boot, clock, progress);
      // Whoever hung up meanwhile wants no wake (L8).
      if (progress.queued) progress.abandoned.signal.throwIfAborted();
      if (pending === "again") continue;
      if (pending) return pending;
      try {
        return await this.#begin(actor, boot, clock, progress);
      } catch (error) {
        if (!isRefusal(error, "stale", "worker-taken", "not-allowed", "not-found")) throw error;
      }
    }
    throw lostRace(name);
  }

  /** Undefined: the resume may begin now. */
  async #waitForOthers(
    actor: ActorRecord,
    boot: boolean,
    clock: PhaseClock,
    progress: Progress,
  ): Promise<ResumeOutcome | "again" | undefined> {
    const { operation } = actor;
    if (actor.status === "CRASHED") throw crashed(actor);
    if (!operation) return undefined;
    if (operation.kind === "resume") {
      if (boot && !operation.boot) throw resumingWithoutBoot(actor);
      progress.queued = false;
      return clock.measure("join", () => this.#engine.outcome(operation.id));
    }
    // The worker is free already; the upload goes on beside the resume (L5).
    if (operation.kind === "suspend" && !actor.assignment) return undefined;
    // What the system began by itself nobody has to know of: the resume follows it.
    if (operation.cause === "caller" || operation.kind === "delete") throw busy(actor);
    await clock.measure("wait", () => this.#released(actor));
    return "again";
  }

  async #begin(
    actor: ActorRecord,
    boot: boolean,
    clock: PhaseClock,
    progress: Progress,
  ): Promise<ResumeOutcome> {
    const { catalog, nodes, goldens, placement, workers } = this.#world;
    const template = templateOf(catalog, actor);
    using patience = openPatience(progress, () => this.#lackOf(progress));
    const { signal } = patience;
    const eligible = eligiblePools(catalog.pools(), template.object, actor.workerSelector);
    progress.pools = new Set(eligible.map(({ namespace, name }) => `${namespace}/${name}`));
    const needsGolden = !boot && !latestSnapshot(actor);
    if (needsGolden && !goldens.find(template)) {
      progress.awaitedTemplate = `${template.namespace}/${template.name}`;
      await clock.measure("golden", () => goldens.waitFor(template, signal));
      progress.awaitedTemplate = undefined;
    }
    const demand = demandOfActor(actor, template, goldens.find(template), catalog, nodes);
    progress.demand = demand;
    // Where no pool has or shall have a worker, waiting is in vain.
    if (!workers.all().some((worker) => satisfies(worker, demand)) && !wantsWorkers(catalog, demand)) {
      throw noFreeWorkers();
    }
    using reservation: Reservation = await clock.measure("queue", () =>
      placement.place(actor.atespace, demand, signal),
    );
    progress.queued = false;
    const operation = newOperation(
      { kind: "resume", cause: "caller", step: "start", boot, origin: restingStatus(actor) },
      resumeLimitMs,
    );
    const assignment = assignmentOf(reservation.worker);
    const { outcome } = await this.#engine.begin(actor, { kind: "bind", assignment, operation }, clock);
    return outcome;
  }

  #lackOf({ awaitedTemplate, pools, demand }: Progress): ConnectError {
    const { workers, failedSuspends } = this.#world;
    const failure = poolFailure(workers.all(), pools);
    if (awaitedTemplate !== undefined) return noGoldenYet(awaitedTemplate, failure);
    const wouldDo = (uid: string) => {
      const worker = workers.get(uid);
      return worker !== undefined && demand !== undefined && satisfies(worker, demand);
    };
    return noFreeWorkers(failure ?? failedSuspends.reasonOf(wouldDo));
  }

  async #waitPatiently(group: Group, { signal, patienceMs }: ResumeOptions): Promise<ResumeOutcome> {
    const { promise, reject } = Promise.withResolvers<never>();
    const hangUp = () => reject(signal.reason);
    signal.addEventListener("abort", hangUp, { once: true });
    const timer = setTimeout(() => {
      if (group.queued) reject(this.#lackOf(group));
    }, patienceMs);
    try {
      signal.throwIfAborted();
      return await Promise.race([group.outcome, promise]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", hangUp);
    }
  }

  /** Until an operation has freed the worker or ended, at most the patience of a resume. */
  async #released(actor: ActorRecord): Promise<void> {
    const id = actor.operation?.id;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#world.actors.onChangeOf(actor.uid, (after) => {
      if (!after?.assignment || after.operation?.id !== id) resolve();
    });
    const timer = setTimeout(resolve, queuePatienceMs);
    try {
      const present = await this.#world.actors.get(actor);
      if (present?.operation?.id === id && present?.assignment) await promise;
    } finally {
      clearTimeout(timer);
      stop();
    }
  }
}

/** Aborts when all callers have gone or the longest wait is over. */
function openPatience(
  progress: Progress,
  lack: () => ConnectError,
): Disposable & { readonly signal: AbortSignal } {
  const { signal: abandoned } = progress.abandoned;
  abandoned.throwIfAborted();
  const controller = new AbortController();
  const giveUp = () => controller.abort(abandoned.aborted ? abandoned.reason : lack());
  const timer = setTimeout(giveUp, queuePatienceMs);
  abandoned.addEventListener("abort", giveUp, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      abandoned.removeEventListener("abort", giveUp);
    },
  };
}
