// Over-subscription needs no operator: while somebody waits for a worker, the actor that has been idle
// longest gives its own up. A RUNNING actor stays where it is while nobody waits.

import type { ActorRecord } from "../actors/actor-record.ts";
import type { LiveActors } from "../actors/live-actors.ts";
import { demandKey, satisfies } from "../placement/choose-worker.ts";
import type { Placement, Waiting } from "../placement/placement.ts";
import type { WorkerDirectory } from "../workers/worker-directory.ts";
import type { Activity } from "./activity.ts";
import { chooseVictim, type VictimChoice } from "./choose-victim.ts";
import type { FailedSuspends } from "./failed-suspends.ts";

export class Evictions {
  readonly #actors: LiveActors;
  readonly #workers: WorkerDirectory;
  readonly #activity: Activity;
  readonly #failed: FailedSuspends;
  readonly #placement: Placement;
  readonly #suspend: (actor: ActorRecord) => Promise<void>;
  readonly #leaving = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    actors: LiveActors,
    workers: WorkerDirectory,
    activity: Activity,
    failed: FailedSuspends,
    placement: Placement,
    /** Begins a suspend; resolves when it is begun or was refused. */
    suspend: (actor: ActorRecord) => Promise<void>,
  ) {
    this.#actors = actors;
    this.#workers = workers;
    this.#activity = activity;
    this.#failed = failed;
    this.#placement = placement;
    this.#suspend = suspend;
    placement.onShortage((waiting) => this.#makeRoom(waiting));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** One worker must become free for each that waits, less those that will be anyway. */
  #makeRoom(waiting: readonly Waiting[]): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bound = [...this.#actors.all()].flatMap((actor) => {
      const worker = actor.assignment && this.#workers.get(actor.assignment.workerUid);
      return worker ? [{ actor, worker }] : [];
    });
    const promised = new Set<string>();
    /** Demands for which nobody is left, so that a long queue costs no look at every worker for each. */
    const inVain = new Set<string>();
    let retryMs: number | undefined;
    for (const { demand } of waiting) {
      if (promised.size === bound.length) break;
      const key = demandKey(demand);
      if (inVain.has(key)) continue;
      const suitable = bound.filter(
        ({ actor, worker }) => !promised.has(actor.uid) && satisfies(worker, demand),
      );
      const leaving = suitable.find(({ actor }) => this.#isLeaving(actor));
      const choice: VictimChoice = leaving
        ? { victim: leaving.actor }
        : chooseVictim(
            suitable.map(({ actor }) => actor),
            this.#activity,
            this.#failed,
          );
      if (choice.victim) {
        promised.add(choice.victim.uid);
        if (!leaving) void this.#evict(choice.victim);
      } else {
        inVain.add(key);
        if (choice.retryMs !== undefined) retryMs = Math.min(retryMs ?? choice.retryMs, choice.retryMs);
      }
    }
    // Those who are protected now may be chosen then; activity and releases tell by themselves.
    if (retryMs !== undefined)
      this.#timer = setTimeout(() => this.#placement.reconsider(), Math.ceil(retryMs) + 1);
  }

  #isLeaving(actor: ActorRecord): boolean {
    return this.#leaving.has(actor.uid) || actor.status === "SUSPENDING" || actor.status === "PAUSING";
  }

  async #evict(actor: ActorRecord): Promise<void> {
    this.#leaving.add(actor.uid);
    try {
      await this.#suspend(actor);
    } finally {
      this.#leaving.delete(actor.uid);
      this.#placement.reconsider();
    }
  }
}
