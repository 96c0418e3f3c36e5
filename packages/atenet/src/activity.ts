// Tells the control plane which actors have traffic, by which it judges idleness: at most once a
// second, but at once for the first request of a generation, since an actor just woken is protected
// until that is known.

import { routes } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import type { Upstream } from "./upstream.ts";

const intervalMs = 1_000;
/** First requests that come together are told together. */
const promptMs = 10;
/** Actors in one message. */
const batchMax = 1_000;

export class ActivityReport {
  readonly #send: (message: routes.RouterActivity) => boolean;
  /** Bounded by the number of bindings. */
  readonly #active = new Set<Upstream>();
  readonly #told = new WeakSet<Upstream>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Number.POSITIVE_INFINITY;

  /** `send` answers whether the message is on its way; what is not is told later. */
  constructor(send: (message: routes.RouterActivity) => boolean) {
    this.#send = send;
  }

  /** Called for each piece of traffic. */
  note(upstream: Upstream): void {
    if (this.#active.has(upstream)) return;
    this.#active.add(upstream);
    this.#schedule(this.#told.has(upstream) ? intervalMs : promptMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#active.clear();
  }

  #schedule(waitMs: number): void {
    const dueMs = performance.now() + waitMs;
    if (dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => this.#tell(), waitMs).unref();
  }

  #tell(): void {
    this.#dueMs = Number.POSITIVE_INFINITY;
    const batch = [...this.#active].slice(0, batchMax);
    const nowMs = performance.now();
    const actors = batch.map((upstream) => describe(upstream, nowMs));
    if (this.#send(create(routes.RouterActivitySchema, { actors }))) {
      for (const upstream of batch) {
        this.#told.add(upstream);
        this.#active.delete(upstream);
        // To the end of the line, and told again: the last word on an actor is that nothing is in flight.
        if (upstream.inFlight > 0 && !upstream.hasEnded) this.#active.add(upstream);
      }
    }
    for (const upstream of this.#active) if (upstream.hasEnded) this.#active.delete(upstream);
    if (this.#active.size > 0) this.#schedule(intervalMs);
  }
}

function describe(upstream: Upstream, nowMs: number): routes.ActorActivity {
  const { atespace, actorId, generation } = upstream.binding;
  return create(routes.ActorActivitySchema, {
    atespace,
    actorId,
    generation,
    inFlight: upstream.inFlight,
    idleMs: BigInt(Math.max(0, Math.round(nowMs - upstream.lastTrafficMs))),
  });
}
