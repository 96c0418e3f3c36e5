import { createMetrics, type Metrics } from "@agent-substrate/process-kit";
import type { ObservedCall } from "@agent-substrate/rpc-kit";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import type { OperationOutcome } from "./operations/engine.ts";

/** What is asked at each scrape. */
export interface Gauges {
  queueLength(): number;
  operations(): number;
  uploads(): number;
  deletions(): number;
  workers(): number;
  doubtedWorkers(): number;
  nodes(): number;
  watchers(): number;
}

export interface AteapiMetrics {
  readonly registry: Metrics;
  called(call: ObservedCall): void;
  ended(outcome: OperationOutcome): void;
}

/** Every queue and every operation has a number here (L11, L12). */
export function createAteapiMetrics(gauges: Gauges): AteapiMetrics {
  const registry = createMetrics();
  const gauge = (name: string, help: string, read: () => number) => registry.gauge(name, help, { read });
  gauge("substrate_placement_queue_length", "Resumes that wait for a worker", gauges.queueLength);
  gauge("substrate_operations_in_flight", "Operations that are driven", gauges.operations);
  gauge("substrate_snapshot_uploads_in_flight", "Snapshots that are stored", gauges.uploads);
  gauge("substrate_snapshot_deletions_in_flight", "Snapshots that are deleted", gauges.deletions);
  gauge("substrate_workers", "Workers of all nodes", gauges.workers);
  gauge("substrate_workers_in_doubt", "Workers that may still run a lost actor", gauges.doubtedWorkers);
  gauge("substrate_nodes", "Nodes that are connected", gauges.nodes);
  gauge("substrate_watchers", "Streams that watch", gauges.watchers);
  const calls = registry.histogram("substrate_call_seconds", "Time of calls", { labels: ["method", "code"] });
  const operations = registry.histogram("substrate_operation_seconds", "Time of operations", {
    labels: ["kind", "result"],
  });
  const phases = registry.histogram("substrate_operation_phase_seconds", "Time of the parts of operations", {
    labels: ["kind", "phase"],
  });
  return {
    registry,
    called({ service, method, error, durationMs }) {
      const code = error ? codeToString(error.code) : "ok";
      calls.observe({ method: `${service}/${method}`, code }, durationMs / 1000);
    },
    ended({ operation, failure, phases: parts }) {
      const { kind } = operation;
      const totalMs = parts.reduce((sum, { durationMs }) => sum + durationMs, 0);
      operations.observe({ kind, result: failure ? "failed" : "done" }, totalMs / 1000);
      for (const { name, durationMs } of parts)
        phases.observe({ kind, phase: name }, Math.max(0, durationMs) / 1000);
    },
  };
}
