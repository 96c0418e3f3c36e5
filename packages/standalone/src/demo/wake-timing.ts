import type { Phase } from "@agent-substrate/contract";

/** Where the time of a wake went, as the router tells it in `server-timing`. */
export interface WakeTiming {
  /** Leaf phases, `other` last; they add up to the total (L12). */
  readonly phases: readonly Phase[];
  readonly totalMs: number;
}

/** Undefined for an answer that waited for no wake. */
export function readWakeTiming(serverTiming: string | undefined): WakeTiming | undefined {
  if (!serverTiming) return undefined;
  const phases = serverTiming.split(",").flatMap((entry): Phase[] => {
    const match = /^\s*([a-z][a-z0-9-]*)\s*;\s*dur=(\d+(?:\.\d+)?)\s*$/.exec(entry);
    return match?.[1] && match[2] ? [{ name: match[1], durationMs: Number(match[2]) }] : [];
  });
  const total = phases.find((phase) => phase.name === "total");
  if (!total) return undefined;
  const parts = phases.filter((phase) => phase.name !== "total" && phase.name !== "other");
  const measured = parts.reduce((sum, phase) => sum + phase.durationMs, 0);
  return {
    phases: [...parts, { name: "other", durationMs: total.durationMs - measured }],
    totalMs: total.durationMs,
  };
}
