import { ateom } from "@agent-substrate/contract";

/** `full`: memory, files and volumes. `data`: durable directories only. */
export type SnapshotScope = "full" | "data";

export function scopeOnWire(scope: SnapshotScope): ateom.SnapshotScope {
  return scope === "full" ? ateom.SnapshotScope.FULL : ateom.SnapshotScope.DATA;
}

/** Undefined for a scope that this suite does not know. */
export function scopeFromWire(scope: ateom.SnapshotScope): SnapshotScope | undefined {
  if (scope === ateom.SnapshotScope.FULL) return "full";
  return scope === ateom.SnapshotScope.DATA ? "data" : undefined;
}
