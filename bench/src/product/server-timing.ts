import type { Phase } from "@agent-substrate/contract";

/** Phases of a wake as the router tells them, without the total that they add up to. Throws where there are none. */
export function parseServerTiming(header: string | string[] | undefined): Phase[] {
  const phases = String(header ?? "")
    .split(",")
    .flatMap((entry): Phase[] => {
      const match = /^\s*([a-z][a-z0-9-]*);dur=(\d+(?:\.\d+)?)\s*$/.exec(entry);
      return match?.[1] && match[2] ? [{ name: match[1], durationMs: Number(match[2]) }] : [];
    })
    .filter(({ name }) => name !== "total");
  if (phases.length === 0)
    throw new Error("the request did not wait for a wake: the answer has no server-timing");
  return phases;
}
