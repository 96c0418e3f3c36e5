// Requests that wait for their actor. L11: bounded in number (one actor's and all) and in time;
// bodies are not read meanwhile. One wake an actor for all its waiters, who go on in their order.
import type { Phase } from "@agent-substrate/contract";
import { toConnectError } from "@agent-substrate/rpc-kit";
import type { Bindings } from "./bindings.ts";
import { Refusal } from "./refusal.ts";
import { type ActorName, actorKey } from "./resolve-target.ts";
import type { RouteLease } from "./route-lease.ts";
import type { Flight, Upstream } from "./upstream.ts";
import type { Wait, WakeCall } from "./wake-timing.ts";

/** A request may go to its actor. Whoever holds it ends its flight. */
export interface Admission {
  readonly upstream: Upstream;
  readonly flight: Flight;
  /** Present if the request had to wait. */
  readonly wait?: Wait;
}

export interface ParkingOptions {
  readonly bindings: Bindings;
  readonly lease: RouteLease;
  /** Returns when the actor is RUNNING. */
  readonly wake: (name: ActorName, signal: AbortSignal) => Promise<readonly Phase[]>;
  /** How long one request waits at most. */
  readonly patienceMs: number;
  readonly perActorMax: number;
  readonly allMax: number;
  /** How many requests wait, told at each change. */
  readonly onParked?: (parked: number) => void;
  /** A wake ended; for metrics. */
  readonly onWake: (outcome: "woken" | "failed", elapsedMs: number) => void;
}

interface Waiter {
  readonly parkedMs: number;
  readonly admit: (admission: Admission) => void;
  readonly refuse: (refusal: Refusal) => void;
}

interface ParkedActor {
  readonly name: ActorName;
  /** In order of arrival. */
  readonly waiters: Set<Waiter>;
  /** The call under way, or the one that was answered and whose binding is on its way. */
  wake: { readonly call: WakeCall; readonly abort: AbortController } | undefined;
}

export class Parking {
  readonly #options: ParkingOptions;
  readonly #actors = new Map<string, ParkedActor>();
  #parked = 0;
  #isClosed = false;

  constructor(options: ParkingOptions) {
    this.#options = options;
  }

  /** Requests that wait now. */
  get parked(): number {
    return this.#parked;
  }

  /**
   * Waits until the actor admits the request. `signal` aborts when the client hangs up.
   * @throws Refusal when it may not wait (longer), or when the actor cannot be woken.
   */
  park(name: ActorName, signal: AbortSignal): Promise<Admission> {
    const key = actorKey(name);
    const { perActorMax, allMax, patienceMs } = this.#options;
    if (this.#isClosed) return Promise.reject(stopping());
    if (this.#parked >= allMax || (this.#actors.get(key)?.waiters.size ?? 0) >= perActorMax) {
      return Promise.reject(new Refusal(503, "parking-full", `too many requests wait for actor ${key}`));
    }
    const actor = this.#actors.get(key) ?? { name, waiters: new Set(), wake: undefined };
    this.#actors.set(key, actor);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onHangUp);
        if (actor.waiters.delete(waiter)) this.#count(-1);
        if (actor.waiters.size === 0) this.#forget(key, actor);
      };
      const waiter: Waiter = {
        parkedMs: performance.now(),
        admit: (admission) => {
          leave();
          resolve(admission);
        },
        refuse: (refusal) => {
          leave();
          reject(refusal);
        },
      };
      const timer = setTimeout(() => {
        waiter.refuse(new Refusal(503, "wake-timeout", `actor ${key} did not run within ${patienceMs} ms`));
      }, patienceMs);
      const onHangUp = (): void => waiter.refuse(new Refusal(499, "client-gone", "the client hung up"));
      signal.addEventListener("abort", onHangUp);
      actor.waiters.add(waiter);
      this.#count(1);
      if (signal.aborted) onHangUp();
      else this.reconsider(key);
    });
  }

  /** Something about an actor changed: its waiters go on, or it is woken, or they wait on. */
  reconsider(key: string): void {
    const actor = this.#actors.get(key);
    if (!actor || !this.#options.lease.isLive()) return;
    const upstream = this.#options.bindings.find(key);
    if (upstream?.isAdmitting) this.#admitAll(actor, upstream);
    else if (!upstream && !actor.wake) this.#wake(key, actor);
  }

  /** An actor has no binding any more, so a wake that was answered before is spent. */
  reconsiderUnbound(key: string): void {
    const actor = this.#actors.get(key);
    if (actor?.wake?.call.answeredMs !== undefined) actor.wake = undefined;
    this.reconsider(key);
  }

  /** The bindings were replaced, or the lease lives again. */
  reconsiderAll(): void {
    for (const key of [...this.#actors.keys()]) {
      if (this.#options.bindings.find(key)) this.reconsider(key);
      else this.reconsiderUnbound(key);
    }
  }

  /** Refuses all who wait and all who come. */
  close(): void {
    this.#isClosed = true;
    for (const actor of [...this.#actors.values()]) refuseAll(actor, stopping());
  }

  #count(change: 1 | -1): void {
    this.#parked += change;
    this.#options.onParked?.(this.#parked);
  }

  #admitAll(actor: ParkedActor, upstream: Upstream): void {
    const admittedMs = performance.now();
    const wake = actor.wake?.call;
    for (const waiter of [...actor.waiters]) {
      const { parkedMs } = waiter;
      waiter.admit({
        upstream,
        flight: upstream.enter(),
        wait: wake ? { parkedMs, admittedMs, wake } : { parkedMs, admittedMs },
      });
    }
  }

  #wake(key: string, actor: ParkedActor): void {
    const over = Promise.withResolvers<void>();
    const call: WakeCall = { startedMs: performance.now(), phases: [], over: over.promise };
    const wake = { call, abort: new AbortController() };
    actor.wake = wake;
    this.#options
      .wake(actor.name, wake.abort.signal)
      .then(
        (phases) => {
          call.answeredMs = performance.now();
          call.phases = phases;
          this.#options.onWake("woken", call.answeredMs - call.startedMs);
          this.reconsider(key);
        },
        (error: unknown) => {
          if (wake.abort.signal.aborted) return;
          this.#options.onWake("failed", performance.now() - call.startedMs);
          actor.wake = undefined;
          refuseAll(actor, Refusal.fromControlPlane(key, toConnectError(error)));
        },
      )
      .finally(over.resolve);
  }

  /** Nobody waits any more: whoever was admitted is served, and a wake that nobody wants is let go. */
  #forget(key: string, actor: ParkedActor): void {
    if (this.#actors.get(key) === actor) this.#actors.delete(key);
    const isBound = this.#options.bindings.find(key)?.isAdmitting === true;
    // A wake whose binding came before its answer goes on, for the answer says where the time went.
    if (!isBound && actor.wake?.call.answeredMs === undefined) actor.wake?.abort.abort();
  }
}

function refuseAll(actor: ParkedActor, refusal: Refusal): void {
  for (const waiter of [...actor.waiters]) waiter.refuse(refusal);
}

function stopping(): Refusal {
  return new Refusal(503, "stopping", "this router is stopping");
}
