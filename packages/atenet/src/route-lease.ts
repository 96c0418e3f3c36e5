// L14: a router uses a binding only while its `Routes` lease lives. The lease runs from the moment
// that an answered heartbeat was *sent*, so it ends here before it ends at the control plane.
import { type BootClock, bootClock, bootClockResolutionMs } from "./boot-clock.ts";

/** The right to use the bindings; dead until the first answered heartbeat. */
export class RouteLease {
  readonly #clock: BootClock;
  #endMs = Number.NEGATIVE_INFINITY;
  #wasLive = false;
  #readAgainMs = 0;

  constructor(clock: BootClock = bootClock) {
    this.#clock = clock;
  }

  /** A reading to give to `extend` later, taken when a heartbeat is sent. */
  nowMs(): number {
    return this.#clock.nowMs();
  }

  /** Prolongs the lease to `leaseMs` after `sentMs`; never shortens it. */
  extend(sentMs: number, leaseMs: number): void {
    this.#endMs = Math.max(this.#endMs, sentMs + leaseMs - 2 * bootClockResolutionMs);
    this.#readAgainMs = 0;
  }

  /** Whether the lease lives at this moment. What must not reach a next actor asks this. */
  isLive(): boolean {
    this.#wasLive = this.#clock.nowMs() < this.#endMs;
    this.#readAgainMs = performance.now() + this.#clock.roughMs;
    return this.#wasLive;
  }

  /**
   * As `isLive`, but read at most every `roughMs` of a cheaper clock. Enough to admit a
   * request: the connection that it leaves on was checked by `isLive` once it stood.
   */
  wasJustLive(): boolean {
    return performance.now() < this.#readAgainMs ? this.#wasLive : this.isLive();
  }
}
