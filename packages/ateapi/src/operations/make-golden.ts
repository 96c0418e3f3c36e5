// A golden actor boots from its template's images, settles, and is snapshotted into storage.
import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import { displayName } from "../actors/actor-record.ts";
import { findLoss } from "../workers/find-loss.ts";
import { committedSnapshot } from "./checkpoint-steps.ts";
import { readNodeFailure } from "./node-failure.ts";
import type { OperationRun, OperationTable, StepOutcome } from "./operation-table.ts";
import type { OperationWorld } from "./operation-world.ts";
import { callCheckpoint, callRun, endWorkload, templateOf } from "./workload-calls.ts";

export const makeGoldenLimitMs = 10 * 60_000;
/** How long a template without readyz has to settle: nothing tells when it is ready. */
export const settleMs = 1000;
const triesMax = 4;
/** How long a node may take to say how a program ended. */
const verdictMs = 1000;

export function makeGoldenTable(world: OperationWorld): OperationTable {
  return { kind: "make-golden", steps: { boot, settle, checkpoint } };

  async function boot(run: OperationRun): Promise<StepOutcome> {
    try {
      await callRun(world, run);
      const { containers } = templateOf(world.catalog, run.actor).object.spec;
      const tellsReadiness = containers.every(({ readyz }) => readyz !== undefined);
      const settleUntil = Date.now() + (tellsReadiness ? 0 : settleMs);
      return { change: { kind: "advance", step: "settle", status: "RUNNING", settleUntil } };
    } catch (error) {
      return giveUp(run, error, `the golden actor ${displayName(run.actor)} did not start`);
    }
  }

  async function settle(run: OperationRun): Promise<StepOutcome> {
    try {
      const waitMs = Math.max(0, (run.operation.settleUntil ?? 0) - Date.now());
      await run.clock.measure("settle", () => sleep(waitMs, undefined, { signal: run.signal }));
      const loss = findLoss(run.actor, world.nodes, world.workers);
      if (loss !== undefined) throw new ConnectError(loss, Code.FailedPrecondition);
      return { change: { kind: "advance", step: "checkpoint", status: "SUSPENDING" } };
    } catch (error) {
      return giveUp(run, error, `the golden actor ${displayName(run.actor)} did not settle`);
    }
  }

  async function checkpoint(run: OperationRun): Promise<StepOutcome> {
    try {
      await callCheckpoint(world, run, "external");
      const snapshot = committedSnapshot(run, true);
      return { change: { kind: "commit-snapshot", snapshot, rest: "SUSPENDED" } };
    } catch (error) {
      return giveUp(run, error, `no golden snapshot of ${displayName(run.actor)} was taken`);
    }
  }

  async function giveUp(run: OperationRun, refusal: unknown, what: string): Promise<StepOutcome> {
    const thrown = (await endOfProgram(run, refusal)) ?? refusal;
    const { kind, error } = readNodeFailure(thrown, what, run);
    const leased = world.nodes.isLeased(run.actor.assignment?.node ?? "");
    if (kind === "unreachable" && leased && run.operation.attempt + 1 < triesMax) return { again: error };
    await endWorkload(world, run.actor, run.operation.step === "boot" ? thrown : undefined);
    return { change: { kind: "release", status: "SUSPENDED" }, failure: error };
  }

  /** A node that says that nothing runs has told, or is about to tell, how the program ended. */
  async function endOfProgram(run: OperationRun, refusal: unknown): Promise<ConnectError | undefined> {
    const { actor, operation, signal } = run;
    const { code } = ConnectError.from(refusal);
    const isRefused = code === Code.FailedPrecondition || code === Code.NotFound;
    if (operation.step !== "checkpoint" || !isRefused) return undefined;
    const lossNow = () => findLoss(actor, world.nodes, world.workers);
    if (lossNow() === undefined) {
      await world.workers.nextReport(actor.assignment?.workerUid ?? "", verdictMs, signal);
    }
    const loss = lossNow();
    return loss === undefined ? undefined : new ConnectError(loss, Code.FailedPrecondition);
  }
}
