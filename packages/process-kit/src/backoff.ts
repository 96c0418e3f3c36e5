/** Waits between tries that grow from the least to the most. */
export interface Backoff {
  /** How long to wait before the next try, in milliseconds; doubles each time. */
  next(): number;
  /** After a success: begin at the least again. */
  reset(): void;
}

/**
 * Doubling waits with jitter. Each is between half of its step and the whole, so that many callers
 * that failed together do not try together. Defaults: 100 ms to 10 s.
 */
export function createBackoff(
  options: { minMs?: number; maxMs?: number; random?: () => number } = {},
): Backoff {
  const { minMs = 100, maxMs = 10_000, random = Math.random } = options;
  let stepMs = minMs;
  return {
    next() {
      const waitMs = stepMs * (0.5 + random() / 2);
      stepMs = Math.min(maxMs, stepMs * 2);
      return waitMs;
    },
    reset() {
      stepMs = minMs;
    },
  };
}
