import { createBackoff } from "@agent-substrate/process-kit";
import { type ActorRecord, displayName } from "../actors/actor-record.ts";

/** How long an actor is let alone after a failure: doubling from here. */
const restMinMs = 1_000;
const restMaxMs = 60_000;
/** A failure explains a shortage for so long. */
const reasonMaxAgeMs = 60_000;

interface Rest {
  readonly next: () => number;
  until: number;
}

/**
 * Suspends that the system began and that failed. Such an actor is let alone for a while, since what stands
 * against it (a full disk) seldom goes at once; and whoever waits for its worker is told why.
 */
export class FailedSuspends {
  readonly #rests = new Map<string, Rest>();
  #reason: { readonly text: string; readonly at: number } | undefined;

  failed(actor: ActorRecord, reason: string): void {
    const now = performance.now();
    this.#reason = { text: `${displayName(actor)} cannot be suspended: ${reason}`, at: now };
    const backoff = createBackoff({ minMs: restMinMs, maxMs: restMaxMs });
    const rest = this.#rests.get(actor.uid) ?? { next: () => backoff.next(), until: 0 };
    rest.until = now + rest.next();
    this.#rests.set(actor.uid, rest);
  }

  /** It was suspended, or has no worker any more. */
  forget({ uid }: ActorRecord): void {
    if (this.#rests.delete(uid) && this.#rests.size === 0) this.#reason = undefined;
  }

  /** How long the actor is let alone from now; 0: it may be suspended. */
  restMs({ uid }: ActorRecord): number {
    return Math.max(0, (this.#rests.get(uid)?.until ?? 0) - performance.now());
  }

  /** Of the newest failure, where it is not older than a minute and still holds. */
  get reason(): string | undefined {
    if (!this.#reason || performance.now() - this.#reason.at > reasonMaxAgeMs) return undefined;
    return this.#reason.text;
  }
}
