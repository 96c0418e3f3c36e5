// A template may say `suspendAfter`: its actors are suspended after so long without traffic.
import type { ActorRecord } from "../actors/actor-record.ts";
import type { LiveActors } from "../actors/live-actors.ts";
import type { Activity } from "./activity.ts";
import type { FailedSuspends } from "./failed-suspends.ts";

export class SuspendAfter {
  readonly #limitMsOf: (actor: ActorRecord) => number | undefined;
  readonly #activity: Activity;
  readonly #failed: FailedSuspends;
  readonly #suspend: (actor: ActorRecord) => Promise<void>;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** One timer an actor that runs and has such a template. */
  constructor(
    actors: LiveActors,
    activity: Activity,
    failed: FailedSuspends,
    limitMsOf: (actor: ActorRecord) => number | undefined,
    suspend: (actor: ActorRecord) => Promise<void>,
  ) {
    this.#activity = activity;
    this.#failed = failed;
    this.#limitMsOf = limitMsOf;
    this.#suspend = suspend;
    actors.onChange((after, before) => {
      if (after?.status === "RUNNING" && !after.operation && !after.golden) this.#arm(after);
      else this.#disarm((after ?? before)?.uid);
    });
  }

  stop(): void {
    for (const uid of [...this.#timers.keys()]) this.#disarm(uid);
  }

  #arm(actor: ActorRecord): void {
    this.#disarm(actor.uid);
    const limitMs = this.#limitMsOf(actor);
    if (limitMs === undefined) return;
    const leftMs = limitMs - (this.#activity.of(actor)?.idleMs ?? 0);
    // Node's timers end at 2^31 ms; a longer wait is looked at again then.
    const waitMs = Math.min(Math.max(leftMs, this.#failed.restMs(actor), 1), 2 ** 31 - 1);
    this.#timers.set(
      actor.uid,
      setTimeout(() => this.#look(actor, limitMs), waitMs),
    );
  }

  #look(actor: ActorRecord, limitMs: number): void {
    const idleness = this.#activity.of(actor);
    if (idleness && (idleness.busy || idleness.idleMs < limitMs)) this.#arm(actor);
    else {
      this.#disarm(actor.uid);
      void this.#suspend(actor);
    }
  }

  #disarm(uid: string | undefined): void {
    if (uid === undefined) return;
    clearTimeout(this.#timers.get(uid));
    this.#timers.delete(uid);
  }
}
