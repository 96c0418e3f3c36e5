// RUNNING to PAUSED: drain, snapshot on the node.
import { afterFailedCheckpoint, committedSnapshot, drainMsOf, drainRouters } from "./checkpoint-steps.ts";
import type { OperationRun, OperationTable, StepOutcome } from "./operation-table.ts";
import type { OperationWorld } from "./operation-world.ts";
import { callCheckpoint } from "./workload-calls.ts";

/** Longest time for all steps; the drain is bounded by its template on top. */
export const pauseLimitMs = 15 * 60_000;

export function pauseTable(world: OperationWorld): OperationTable {
  return { kind: "pause", steps: { drain, checkpoint } };

  async function drain(run: OperationRun): Promise<StepOutcome> {
    try {
      await drainRouters(world, run, drainMsOf(world, run.actor));
      return { change: { kind: "advance", step: "checkpoint" } };
    } catch (error) {
      return afterFailedCheckpoint(world, run, error);
    }
  }

  async function checkpoint(run: OperationRun): Promise<StepOutcome> {
    try {
      await callCheckpoint(world, run, "local");
      const snapshot = committedSnapshot(run, false);
      return { change: { kind: "commit-snapshot", snapshot, rest: "PAUSED" } };
    } catch (error) {
      return afterFailedCheckpoint(world, run, error);
    }
  }
}
