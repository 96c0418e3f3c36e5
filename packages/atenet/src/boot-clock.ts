// L14: a lease is counted by a clock that goes on while the host sleeps. CLOCK_MONOTONIC, which is
// behind `performance.now()`, timers and `process.hrtime`, stops in suspend; wall time is set by
// people. `os.uptime()` is CLOCK_BOOTTIME by way of /proc/uptime: some 7 us a reading.
import { uptime } from "node:os";

/** Milliseconds of a clock that never goes back and counts host sleep. */
export interface BootClock {
  nowMs(): number;
  /** For how long a reading serves where a rough answer will do. */
  readonly roughMs: number;
}

/** /proc/uptime has two decimals; whoever compares two readings allows for it. */
export const bootClockResolutionMs = 10;

/** The host's own. */
export const bootClock: BootClock = { nowMs: () => uptime() * 1000, roughMs: 5 };
