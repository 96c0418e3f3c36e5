// What suspend, pause and the making of a golden snapshot have in common.
import { isRefusedUnread } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ActorRecord, displayName, type Snapshot } from "../actors/actor-record.ts";
import { findLoss, isExecuting } from "../workers/find-loss.ts";
import { newRevert } from "./new-revert.ts";
import { readNodeFailure } from "./node-failure.ts";
import type { OperationRun, StepOutcome } from "./operation-table.ts";
import type { OperationWorld } from "./operation-world.ts";
import { callRestore, surelyExecuting, templateOf } from "./workload-calls.ts";

/** Calls to a node that does not answer. */
const triesMax = 6;
/** How long a node may take to say what became of a workload whose checkpoint failed. */
const verdictMs = 1000;

/** Waits until no router sends anything to the actor's worker (L14). */
export async function drainRouters(world: OperationWorld, run: OperationRun, drainMs: number): Promise<void> {
  const { atespace, actorId, generation, golden } = run.actor;
  if (golden) return;
  // Routers may hold leases on it that this process never gave (L14).
  const fromEarlierLife = world.actors.isInherited(run.actor);
  await run.clock.measure("drain", () =>
    world.leases.drained({ atespace, actorId, generation }, drainMs, fromEarlierLife, run.signal),
  );
}

/** The actor's template says how long; absent templates have the default. */
export function drainMsOf(world: OperationWorld, actor: ActorRecord): number {
  return templateOf(world.catalog, actor).object.spec.lifecycle.drainSeconds * 1000;
}

/** The pending snapshot as it is committed. */
export function committedSnapshot({ actor, operation }: OperationRun, uploaded: boolean): Snapshot {
  const { pending } = operation;
  if (!pending || !actor.assignment) throw new Error(`${displayName(actor)} has no snapshot to commit`);
  return {
    ...pending,
    uploaded,
    node: actor.assignment.node,
    hardwareKey: actor.assignment.hardwareKey,
    committedAt: Date.now(),
  };
}

/** After a checkpoint that failed: again, back to RUNNING where it still runs, or the worker is lost. */
export async function afterFailedCheckpoint(
  world: OperationWorld,
  run: OperationRun,
  thrown: unknown,
): Promise<StepOutcome> {
  const { actor, operation } = run;
  const what = `no snapshot of ${displayName(actor)} was taken`;
  const { kind, error } = readNodeFailure(thrown, what, run);
  const leased = actor.assignment !== undefined && world.nodes.isLeased(actor.assignment.node);
  if (kind === "unreachable" && leased && operation.attempt + 1 < triesMax) return { again: error };
  if (await goesOnFromLostReply(world, run, thrown)) {
    return keepRunning(world, run, thrown, error);
  }
  // A node that refuses for a stated reason has begun nothing, so what it last said holds.
  const begun = ConnectError.from(thrown).code !== Code.FailedPrecondition;
  if (begun && !isListed(world, actor))
    await world.workers.nextReport(actor.assignment?.workerUid ?? "", verdictMs, run.signal);
  if ((await goesOn(world, run, thrown)) && !findLoss(actor, world.nodes, world.workers)) {
    return keepRunning(world, run, thrown, error);
  }
  const reason = findLoss(actor, world.nodes, world.workers) ?? error.rawMessage;
  return { change: { kind: "lose-worker", operation: newRevert(reason) }, failure: error };
}

function keepRunning(
  world: OperationWorld,
  { actor, operation }: OperationRun,
  thrown: unknown,
  failure: ConnectError,
): StepOutcome {
  // Before it is seen to be running: whoever waits for its worker would choose it again.
  if (operation.cause === "idle") world.failedSuspends.failed(actor, sharedReason(actor, thrown));
  return { change: { kind: "keep-running" }, failure };
}

/** The node's own words for everybody who waits for the worker, unless they name the actor. */
function sharedReason({ actorId }: ActorRecord, thrown: unknown): string | undefined {
  const { rawMessage } = ConnectError.from(thrown);
  return rawMessage.split(/[^a-z0-9-]+/).includes(actorId) ? undefined : rawMessage;
}

/**
 * L6 with the base calls alone, which know no operation ids: a checkpoint whose reply was lost may be done,
 * and the repeated one is refused because nothing runs any more. Then the actor goes on from that snapshot.
 */
async function goesOnFromLostReply(
  world: OperationWorld,
  run: OperationRun,
  thrown: unknown,
): Promise<boolean> {
  const { actor, operation } = run;
  const { code } = ConnectError.from(thrown);
  const session = world.nodes.find(actor.assignment?.node ?? "");
  const isRepeated = operation.step === "checkpoint" && operation.attempt > 0;
  if (!isRepeated || !session || (code !== Code.FailedPrecondition && code !== Code.NotFound)) return false;
  try {
    if (await session.client.offersNode()) return false;
    const rescue = { ...run, operation: { ...operation, step: "rescue" } };
    await callRestore(world, rescue, committedSnapshot(run, operation.pending?.uri !== undefined));
    return true;
  } catch {
    // Whatever was not restored is not there; the actor goes back to its last snapshot.
    return false;
  }
}

/** What a node refused before it began left the workload alone; else only the node can say that it lives. */
async function goesOn(
  world: OperationWorld,
  { actor, signal }: OperationRun,
  thrown: unknown,
): Promise<boolean> {
  if (!isListed(world, actor)) return isExecuting(actor, world.workers);
  const { code } = ConnectError.from(thrown);
  // Which may also mean that nothing runs there.
  if (code === Code.FailedPrecondition) return surelyExecuting(world, actor, signal);
  return isRefusedUnread(code);
}

/** Its node tells nothing of it. */
function isListed(world: OperationWorld, { assignment }: ActorRecord): boolean {
  return world.workers.get(assignment?.workerUid ?? "")?.isListed ?? false;
}
