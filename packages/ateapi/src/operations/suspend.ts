// RUNNING to SUSPENDED: drain, snapshot on the node (the worker is free then), storage.
import { ConnectError } from "@connectrpc/connect";
import { displayName, latestSnapshot } from "../actors/actor-record.ts";
import { afterFailedCheckpoint, committedSnapshot, drainMsOf, drainRouters } from "./checkpoint-steps.ts";
import { readNodeFailure } from "./node-failure.ts";
import type { OperationRun, OperationTable, StepOutcome } from "./operation-table.ts";
import type { OperationWorld } from "./operation-world.ts";
import { callCheckpoint } from "./workload-calls.ts";

/** Longest time for all steps; the drain is bounded by its template on top. */
export const suspendLimitMs = 30 * 60_000;

export function suspendTable(world: OperationWorld): OperationTable {
  return { kind: "suspend", steps: { drain, checkpoint, upload } };

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
      const { assignment } = run.actor;
      const session = await world.nodes.waitFor(assignment?.node ?? "", run.signal);
      // A node supervisor that cannot upload later has to store it now.
      const local = await session.client.offersNode();
      await callCheckpoint(world, run, local ? "local" : "external");
      const snapshot = committedSnapshot(run, !local);
      return {
        change: local
          ? { kind: "commit-snapshot", snapshot, step: "upload" }
          : { kind: "commit-snapshot", snapshot, rest: "SUSPENDED" },
      };
    } catch (error) {
      return afterFailedCheckpoint(world, run, error);
    }
  }

  async function upload(run: OperationRun): Promise<StepOutcome> {
    const snapshot = latestSnapshot(run.actor);
    try {
      if (snapshot && !snapshot.uploaded) {
        await run.clock.measure("upload", () => world.uploads.finished(run.actor, snapshot, run.signal));
      }
      return { change: { kind: "settle", status: "SUSPENDED" } };
    } catch (error) {
      const what = `the snapshot of ${displayName(run.actor)} is kept on its node and was not stored`;
      const { error: failure } = readNodeFailure(error, what, run);
      return { change: { kind: "settle", status: "PAUSED" }, failure: ConnectError.from(failure) };
    }
  }
}
