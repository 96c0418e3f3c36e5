// SUSPENDED or PAUSED to RUNNING. A worker is bound before this begins; a worker that fails is
// replaced, and what a node refuses takes the actor back to where it was (L7: never a fresh start).
import { Code, type ConnectError } from "@connectrpc/connect";
import {
  type ActorRecord,
  type Assignment,
  displayName,
  latestSnapshot,
  type RestingStatus,
} from "../actors/actor-record.ts";
import { assignmentOf } from "../placement/assignment.ts";
import { demandOfActor } from "../placement/demand-of-actor.ts";
import type { Reservation } from "../placement/placement.ts";
import { readNodeFailure } from "./node-failure.ts";
import type { OperationRun, OperationTable, StepOutcome } from "./operation-table.ts";
import type { OperationWorld } from "./operation-world.ts";
import { callRestore, callRun, endWorkload, templateOf } from "./workload-calls.ts";

/** Longest time from the binding to RUNNING, over all workers that are tried. */
export const resumeLimitMs = 5 * 60_000;
/** Calls to one worker whose node does not answer. */
const triesMax = 4;
/** Workers that are given up before the resume is. */
const workersMax = 3;
/** How long another worker is waited for. */
const replacementPatienceMs = 20_000;

export function resumeTable(world: OperationWorld): OperationTable {
  return { kind: "resume", steps: { start } };

  async function start(run: OperationRun): Promise<StepOutcome> {
    try {
      const snapshot = await snapshotFor(run);
      if (snapshot) await callRestore(world, run, snapshot);
      else await callRun(world, run);
      return { change: { kind: "commit-running", at: Date.now() } };
    } catch (error) {
      const { kind, error: failure } = readNodeFailure(error, `${displayName(run.actor)} did not wake`, run);
      const { assignment } = run.actor;
      const leased = assignment !== undefined && world.nodes.isLeased(assignment.node);
      if (kind === "unreachable" && leased && run.operation.attempt + 1 < triesMax) return { again: failure };
      await endWorkload(world, run.actor, error);
      if (kind !== "refused" || isTaken(assignment, failure)) {
        const replaced = await replaceWorker(run);
        if (replaced) return replaced;
      }
      return {
        change: { kind: "release", status: run.operation.origin ?? restingStatus(run.actor) },
        failure,
      };
    }
  }

  async function snapshotFor({ actor, operation, signal }: OperationRun) {
    const own = latestSnapshot(actor);
    if (own || operation.boot) return own;
    return world.goldens.waitFor(templateOf(world.catalog, actor), signal);
  }

  /** The worker was refused for what it executes already, which no actor is bound to. */
  function isTaken(assignment: Assignment | undefined, { code }: ConnectError): boolean {
    const state = world.workers.get(assignment?.workerUid ?? "")?.state;
    return code === Code.FailedPrecondition && state === "unknown";
  }

  async function replaceWorker(run: OperationRun): Promise<StepOutcome | undefined> {
    const workersFailed = (run.operation.workersFailed ?? 0) + 1;
    if (workersFailed >= workersMax || run.signal.aborted) return undefined;
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(replacementPatienceMs)]);
    let reservation: Reservation;
    try {
      const template = templateOf(world.catalog, run.actor);
      const golden = world.goldens.find(template);
      const demand = demandOfActor(run.actor, template, golden, world.catalog, world.nodes);
      reservation = await run.clock.measure("queue", () =>
        world.placement.place(run.actor.atespace, demand, signal),
      );
    } catch {
      return undefined;
    }
    const assignment = assignmentOf(reservation.worker);
    const operation = { ...run.operation, attempt: 0, workersFailed };
    return { change: { kind: "bind", assignment, operation }, reservation };
  }
}

/** Where an actor rests by what is left of it: PAUSED while its newest snapshot lies on a node only. */
export function restingStatus(actor: ActorRecord): RestingStatus {
  const snapshot = latestSnapshot(actor);
  return snapshot && !snapshot.uploaded ? "PAUSED" : "SUSPENDED";
}
