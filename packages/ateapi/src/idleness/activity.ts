// How long actors have been idle, as routers tell and as resumes say.
import type { routes } from "@agent-substrate/contract";
import { type ActorName, type ActorRecord, displayName } from "../actors/actor-record.ts";

interface Traffic {
  generation: number;
  /** Milliseconds of the monotonic clock. */
  lastActiveAt: number;
  /** The first request under this generation was seen. */
  served: boolean;
  /** Open requests by router. */
  inFlight: Map<string, number>;
}

/** One entry an actor that is bound to a worker. */
export class Activity {
  readonly #now: () => number;
  readonly #traffic = new Map<string, Traffic>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The actor runs under a new generation. */
  begin(actor: ActorRecord): void {
    const lastActiveAt = this.#now();
    this.#traffic.set(displayName(actor), {
      generation: actor.generation,
      lastActiveAt,
      served: false,
      inFlight: new Map(),
    });
  }

  end(actor: ActorName): void {
    this.#traffic.delete(displayName(actor));
  }

  /** Somebody asked for it although it runs. */
  touch(actor: ActorName): void {
    const traffic = this.#traffic.get(displayName(actor));
    if (traffic) traffic.lastActiveAt = this.#now();
  }

  /** What a router says; of another generation than the present one it means nothing. */
  report(routerId: string, reported: routes.ActorActivity): void {
    const traffic = this.#traffic.get(`${reported.atespace}/${reported.actorId}`);
    if (!traffic || traffic.generation !== Number(reported.generation)) return;
    const idleMs = reported.inFlight > 0 ? 0 : Math.max(0, Number(reported.idleMs));
    traffic.lastActiveAt = Math.max(traffic.lastActiveAt, this.#now() - idleMs);
    traffic.served = true;
    if (reported.inFlight > 0) traffic.inFlight.set(routerId, reported.inFlight);
    else traffic.inFlight.delete(routerId);
  }

  /** A router is gone, and its requests with it. */
  forgetRouter(routerId: string): void {
    for (const traffic of this.#traffic.values()) traffic.inFlight.delete(routerId);
  }

  of(actor: ActorName): ActorIdleness | undefined {
    const traffic = this.#traffic.get(displayName(actor));
    if (!traffic) return undefined;
    return {
      idleMs: traffic.inFlight.size > 0 ? 0 : this.#now() - traffic.lastActiveAt,
      busy: traffic.inFlight.size > 0,
      served: traffic.served,
    };
  }
}

export interface ActorIdleness {
  readonly idleMs: number;
  /** Requests or streams are open. */
  readonly busy: boolean;
  /** It answered something since it woke. */
  readonly served: boolean;
}
