import { createBackoff } from "@agent-substrate/process-kit";
import type { ActorRecord } from "../actors/actor-record.ts";

/** How long an actor is let alone after a failure: doubling from here. */
const restMinMs = 1_000;
const restMaxMs = 60_000;
/** A failure explains a shortage for so long. */
const reasonMaxAgeMs = 60_000;

interface FailedSuspend {
  readonly next: () => number;
  readonly workerUid: string;
  /** What stood against it; undefined: nothing that concerns others. */
  readonly reason: string | undefined;
  readonly at: number;
  readonly restUntil: number;
}

/**
 * Suspends that the system began and that failed. Such an actor is let alone for a while, since what stands
 * against it (a full disk) seldom goes at once; and whoever waits for its worker is told why, but not for whom.
 */
export class FailedSuspends {
  /** By actor, until it has no worker any more; the newest last. */
  readonly #failed = new Map<string, FailedSuspend>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** `reason` is told to those who wait for the actor's worker, in whatever atespace: it names no actor. */
  failed({ uid, assignment }: ActorRecord, reason?: string): void {
    const at = this.#now();
    const backoff = createBackoff({ minMs: restMinMs, maxMs: restMaxMs });
    const next = this.#failed.get(uid)?.next ?? (() => backoff.next());
    this.#failed.delete(uid);
    this.#failed.set(uid, {
      next,
      workerUid: assignment?.workerUid ?? "",
      reason,
      at,
      restUntil: at + next(),
    });
  }

  /** It was suspended, or has no worker any more. */
  forget({ uid }: ActorRecord): void {
    this.#failed.delete(uid);
  }

  /** How long the actor is let alone from now; 0: it may be suspended. */
  restMs({ uid }: ActorRecord): number {
    return Math.max(0, (this.#failed.get(uid)?.restUntil ?? 0) - this.#now());
  }

  /** Why a worker that would do does not become free: the newest failure, where it is not older than a minute. */
  reasonOf(wouldDo: (workerUid: string) => boolean): string | undefined {
    const newest = [...this.#failed.values()].findLast(
      ({ at, workerUid }) => this.#now() - at <= reasonMaxAgeMs && wouldDo(workerUid),
    );
    if (!newest) return undefined;
    const { reason } = newest;
    return `an idle actor cannot be suspended${reason === undefined ? "" : `: ${reason}`}`;
  }
}
