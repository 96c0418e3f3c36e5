// L14: a worker is not given to another actor until every router that may have seen the old binding
// acknowledged its end or its lease has expired.
//
// A router counts its lease from when it sent a heartbeat, this side from when it came, plus a margin:
// so this side's lease always ends last. Leases of an earlier control plane are honoured by taking
// every binding from before for seen until one lease after the start.
import { Code, ConnectError } from "@connectrpc/connect";
import { RouterSession } from "./router-session.ts";

export interface RouterLease {
  readonly heartbeatIntervalMs: number;
  readonly leaseMs: number;
  readonly marginMs: number;
  /** A router that acknowledges no drain this long after `drainMs` is cut off. */
  readonly ackPatienceMs: number;
}

export const defaultRouterLease: RouterLease = {
  heartbeatIntervalMs: 500,
  leaseMs: 3000,
  marginMs: 250,
  ackPatienceMs: 5000,
};

/** One assignment of one actor. */
export interface BindingId {
  readonly atespace: string;
  readonly actorId: string;
  readonly generation: number;
}

export class RouterLeases {
  readonly lease: RouterLease;
  readonly #sessions = new Set<RouterSession>();
  /** Routers that acknowledged the end of a binding. */
  readonly #acknowledged = new Map<string, Set<string>>();
  readonly #waiting = new Set<() => void>();
  readonly #earlierLeasesEndAt: number;

  constructor(lease: RouterLease = defaultRouterLease) {
    this.lease = lease;
    this.#earlierLeasesEndAt = performance.now() + lease.leaseMs + lease.marginMs;
  }

  open(routerId: string): RouterSession {
    this.#dropExpired(performance.now());
    const session = new RouterSession(routerId, this.#leaseEnd());
    this.#sessions.add(session);
    return session;
  }

  renew(session: RouterSession): void {
    if (session.isOpen) session.leaseEndsAt = this.#leaseEnd();
  }

  /** The stream is gone; the router may go on until its lease ends. */
  leave(session: RouterSession): void {
    session.cut();
    this.#wakeAll();
  }

  /** The router said that it uses no binding any more. */
  dismiss(session: RouterSession): void {
    session.cut();
    this.#sessions.delete(session);
    this.#wakeAll();
  }

  acknowledge(routerId: string, binding: BindingId): void {
    const key = bindingKey(binding);
    const routers = this.#acknowledged.get(key) ?? new Set();
    this.#acknowledged.set(key, routers.add(routerId));
    this.#wakeAll();
  }

  /** The binding is gone; what was acknowledged about it is of no use any more. */
  forget(binding: BindingId): void {
    this.#acknowledged.delete(bindingKey(binding));
  }

  /**
   * Waits until no router can use a binding that was published as draining. Takes at most `drainMs`,
   * the patience for acknowledgements and one lease.
   */
  async drained(
    binding: BindingId,
    drainMs: number,
    fromEarlierLife: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const key = bindingKey(binding);
    const cutAt = performance.now() + drainMs + this.lease.ackPatienceMs;
    for (;;) {
      signal.throwIfAborted();
      const now = performance.now();
      this.#dropExpired(now);
      const holders = this.#holders(key);
      if (now >= cutAt) for (const session of holders) session.cut(silentRouter());
      const ends = holders.map((session) =>
        session.isOpen ? Math.min(cutAt, session.leaseEndsAt) : session.leaseEndsAt,
      );
      if (fromEarlierLife && now < this.#earlierLeasesEndAt) ends.push(this.#earlierLeasesEndAt);
      if (ends.length === 0) return;
      await this.#nextChange(Math.max(1, Math.min(...ends) - now), signal);
    }
  }

  close(): void {
    for (const session of this.#sessions) session.cut();
    this.#wakeAll();
  }

  #holders(key: string): RouterSession[] {
    const acknowledged = this.#acknowledged.get(key);
    return [...this.#sessions].filter((session) => !acknowledged?.has(session.routerId));
  }

  #dropExpired(now: number): void {
    for (const session of this.#sessions) {
      if (session.leaseEndsAt > now) continue;
      session.cut(silentRouter());
      this.#sessions.delete(session);
    }
  }

  #leaseEnd(): number {
    return performance.now() + this.lease.leaseMs + this.lease.marginMs;
  }

  #nextChange(atMostMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, atMostMs);
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

function bindingKey({ atespace, actorId, generation }: BindingId): string {
  return `${atespace}/${actorId}/${generation}`;
}

function silentRouter(): ConnectError {
  return new ConnectError("this router was silent for too long", Code.DeadlineExceeded);
}
