import type { Metrics } from "@agent-substrate/process-kit";
import type { ObserveOperation } from "./herder/herder-service.ts";
import type { NodeWorld } from "./operations/node-world.ts";

/** L11: what the node holds and how long its operations take, phase by phase. */
export function observeNode(metrics: Metrics, world: NodeWorld): ObserveOperation {
  const countWorkers = (kind: string) =>
    world.workers.workers.filter(({ state }) => state.kind === kind).length;
  for (const kind of ["starting", "available", "executing"]) {
    metrics.gauge(`substrate_node_workers_${kind}`, `Workers that are ${kind}.`, {
      read: () => countWorkers(kind),
    });
  }
  metrics.gauge("substrate_node_snapshots", "Snapshots that lie on this node.", {
    read: () => world.snapshots.list().length,
  });
  metrics.gauge("substrate_node_snapshot_transfers_waiting", "Snapshot transfers that wait for their turn.", {
    read: () => world.snapshots.waitingTransfers,
  });
  const phases = metrics.histogram("substrate_node_operation_phase_seconds", "Time of operations by phase.", {
    labels: ["operation", "phase"],
  });
  const ended = metrics.counter("substrate_node_operations_total", "Operations by outcome.", [
    "operation",
    "outcome",
  ]);
  return (operation, clock, failed) => {
    ended.inc({ operation, outcome: failed ? "failed" : "succeeded" });
    for (const { name, durationMs } of clock.finish())
      phases.observe({ operation, phase: name }, durationMs / 1000);
  };
}
