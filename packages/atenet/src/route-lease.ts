// L14: a router uses a binding only while its `Routes` lease lives. The lease runs from the moment
// that an answered heartbeat was *sent*, so it ends here before it ends at the control plane.
import { type BootClock, bootClock, bootClockResolutionMs } from "./boot-clock.ts";

/** The right to use the bindings; dead until the first answered heartbeat. */
export class RouteLease {
  readonly #clock: BootClock;
  #endMs = Number.NEGATIVE_INFINITY;
  #liveThisTurn: boolean | undefined;

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
    this.#liveThisTurn = undefined;
  }

  /** Whether the lease lives at this moment. What must not reach a next actor asks this. */
  isLive(): boolean {
    return this.#clock.nowMs() < this.#endMs;
  }

  /**
   * As `isLive`, read once a turn of the event loop. Enough to admit a request: the connection that
   * it is sent on was made, and checked by `isLive`, while the lease lived.
   */
  isLiveThisTurn(): boolean {
    if (this.#liveThisTurn === undefined) {
      this.#liveThisTurn = this.isLive();
      setImmediate(() => {
        this.#liveThisTurn = undefined;
      });
    }
    return this.#liveThisTurn;
  }
}
