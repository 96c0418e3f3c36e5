// The calls to a node that an operation makes about its actor's workload.
import { setTimeout as sleep } from "node:timers/promises";
import type { ActorTemplate } from "@agent-substrate/contract";
import { atelet, isAnswer } from "@agent-substrate/contract";
import { createBackoff, raceAbort } from "@agent-substrate/process-kit";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ActorRecord, displayName, type Snapshot, type SnapshotScope } from "../actors/actor-record.ts";
import { askExecuting } from "../nodes/ask-executing.ts";
import { assignmentHeaders, callOptions } from "../nodes/node-client.ts";
import type { NodeSession } from "../nodes/node-session.ts";
import { configOfPool, sandboxAssets } from "../pools/sandbox-config.ts";
import type { Resource, ResourceCatalog } from "../resources/resource-catalog.ts";
import { newSnapshotPrefix } from "../snapshots/snapshot-locations.ts";
import { bareWorkloadSpec, workloadSpec } from "../templates/workload-spec.ts";
import type { LastCheckpoint } from "../workers/doubted-workers.ts";
import type { OperationRun } from "./operation-table.ts";
import type { OperationWorld } from "./operation-world.ts";

/** Restoring may download a snapshot; readiness alone has 30 s. */
const startTimeoutMs = 110_000;
const checkpointTimeoutMs = 10 * 60_000;
const endTimeoutMs = 30_000;
/** For a worker that is refused because it executes something, which may be what nobody can end. */
const takenPatienceMs = 5_000;
const askAgain = { minMs: 100, maxMs: 5000 };

const scopes: Readonly<Record<SnapshotScope, atelet.SnapshotScope>> = {
  full: atelet.SnapshotScope.FULL,
  data: atelet.SnapshotScope.DATA,
};

/** Boots an actor from its image. */
export async function callRun(world: OperationWorld, run: OperationRun): Promise<void> {
  const session = await sessionOf(world, run);
  const template = templateOf(world.catalog, run.actor);
  const request = {
    ...target(run.actor),
    spec: workloadSpec(template, world.catalog),
    sandboxAssets: assetsOf(world.catalog, run.actor),
  };
  await run.clock.measureCall("node", (onPhases) =>
    patiently(startTimeoutMs, run, (timeoutMs) =>
      session.client.herder.run(request, callOptions({ ...call(run, timeoutMs), onPhases })),
    ),
  );
}

/** Restores a snapshot. Of a stored one, a node that holds a copy takes that. */
export async function callRestore(
  world: OperationWorld,
  run: OperationRun,
  snapshot: Snapshot,
): Promise<void> {
  const session = await sessionOf(world, run);
  const request = create(atelet.RestoreRequestSchema, {
    ...target(run.actor),
    spec: workloadSpec(templateOf(world.catalog, run.actor), world.catalog),
    ...storage(snapshot, snapshot.uploaded ? "external" : "local"),
    scope: scopes[snapshot.scope],
  });
  await run.clock.measureCall("node", (onPhases) =>
    patiently(startTimeoutMs, run, (timeoutMs) =>
      session.client.herder.restore(request, callOptions({ ...call(run, timeoutMs), onPhases })),
    ),
  );
}

/** Writes the operation's pending snapshot; what the node then holds is committed by the caller (L5). */
export async function callCheckpoint(
  world: OperationWorld,
  run: OperationRun,
  place: "local" | "external",
): Promise<void> {
  const { pending } = run.operation;
  if (!pending) throw new Error(`operation ${run.operation.id} has no snapshot to write`);
  const session = await sessionOf(world, run);
  const request = create(atelet.CheckpointRequestSchema, {
    ...target(run.actor),
    spec: bareWorkloadSpec(templateOf(world.catalog, run.actor)),
    ...storage(pending, place),
    scope: scopes[pending.scope],
  });
  await run.clock.measureCall("node", (onPhases) =>
    patiently(checkpointTimeoutMs, run, (timeoutMs) =>
      session.client.herder.checkpoint(request, callOptions({ ...call(run, timeoutMs), onPhases })),
    ),
  );
}

/**
 * Ends whatever the actor's worker runs of it, before its record lets go of the worker. `thrown` is what a
 * start rejected with: a node that answered one with no has left the worker as it was, and that is blank, unless
 * it says FAILED_PRECONDITION, as one does whose worker executes something. A node that cannot be told to end it
 * leaves the worker in doubt.
 */
export async function endWorkload(
  world: OperationWorld,
  actor: ActorRecord,
  thrown?: unknown,
): Promise<void> {
  const { assignment } = actor;
  if (!assignment) return;
  const session = world.nodes.find(assignment.node);
  if (!session) {
    // Settled when the node is back.
    if (world.staticNodes.has(assignment.node)) void world.doubted.add(lastCheckpoint(world, actor));
    return;
  }
  try {
    if (await session.client.offersNode()) {
      const request = { workerUid: assignment.workerUid, generation: BigInt(actor.generation) };
      await session.client.node.endWorkload(request, { timeoutMs: endTimeoutMs });
    } else if (ConnectError.from(thrown).code === Code.FailedPrecondition) {
      await clearDoubt(world, actor, takenPatienceMs);
    } else if (thrown === undefined || !isAnswer(ConnectError.from(thrown).code)) {
      await clearDoubt(world, actor);
    }
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    if (code === Code.NotFound) return;
    world.log.warn({ actor: displayName(actor), code, error: rawMessage }, "workload not ended");
    // A worker that reports stays taken in its node's inventory, and is ended again when that says so.
    if (world.staticNodes.has(assignment.node)) await clearDoubt(world, actor);
  }
}

/**
 * Waits a while for a worker in doubt: its node may refuse to start the same actor on another worker before.
 * A worker that stays in doubt is given to nobody.
 */
async function clearDoubt(
  world: OperationWorld,
  actor: ActorRecord,
  patienceMs = endTimeoutMs,
): Promise<void> {
  const settled = world.doubted.add(lastCheckpoint(world, actor));
  await raceAbort(settled, AbortSignal.timeout(patienceMs)).catch(() => undefined);
}

/**
 * Of a worker that tells nothing: it was asked, and executes something, which can only be this actor. Asked again
 * while its node holds its lease and does not answer; false once the lease has ended or `signal` aborts.
 */
export async function surelyExecuting(
  world: OperationWorld,
  actor: ActorRecord,
  signal: AbortSignal,
): Promise<boolean> {
  const { request, headers } = lastCheckpoint(world, actor);
  const node = actor.assignment?.node ?? "";
  const backoff = createBackoff(askAgain);
  try {
    while (world.nodes.isLeased(node)) {
      const { client } = await world.nodes.waitFor(node, signal);
      const content = await askExecuting(client, request, headers, signal);
      if (content !== "unknown") return content === "executes";
      await sleep(backoff.next(), undefined, { signal });
    }
  } catch {
    // Lost meanwhile, or out of time.
  }
  return false;
}

/** Ends the actor's workload into a snapshot that nothing will name. */
function lastCheckpoint(world: OperationWorld, actor: ActorRecord): LastCheckpoint {
  const template = world.catalog.template(actor.templateNamespace, actor.templateName);
  const prefix = newSnapshotPrefix();
  const request = create(atelet.CheckpointRequestSchema, {
    ...target(actor),
    ...(template && { spec: bareWorkloadSpec(template) }),
    ...storage({ prefix, uri: world.locations.uriOf(actor, prefix) }, "external"),
    scope: template?.object.spec.snapshotsConfig.onCommit === "Data" ? scopes.data : scopes.full,
  });
  return { actor, request, headers: assignmentHeaders(actor, `end-${prefix}`) };
}

/** The template of an actor that exists; it cannot be deleted before its actors. */
export function templateOf(catalog: ResourceCatalog, actor: ActorRecord): Resource<ActorTemplate> {
  const template = catalog.template(actor.templateNamespace, actor.templateName);
  if (template) return template;
  const name = `${actor.templateNamespace}/${actor.templateName}`;
  throw new ConnectError(`the template ${name} of ${displayName(actor)} is gone`, Code.FailedPrecondition);
}

function sessionOf(world: OperationWorld, { actor, signal }: OperationRun): Promise<NodeSession> {
  if (!actor.assignment) throw new Error(`${displayName(actor)} has no worker`);
  return world.nodes.waitFor(actor.assignment.node, signal);
}

/**
 * A call that this side gave up is no refusal of the node, which may still be at it: the same call again joins
 * what it does (L6). So it is told as UNAVAILABLE, and what the node itself calls too late as it is.
 */
async function patiently<T>(
  timeoutMs: number,
  { signal }: OperationRun,
  call: (timeoutMs: number) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  try {
    return await call(timeoutMs);
  } catch (error) {
    // Timers may run a little early.
    const isOurs = performance.now() - startedAt >= timeoutMs - 50 && !signal.aborted;
    if (!isOurs || ConnectError.from(error).code !== Code.DeadlineExceeded) throw error;
    const text = `the node has not answered for ${timeoutMs / 1000} s`;
    throw new ConnectError(text, Code.Unavailable, undefined, undefined, error);
  }
}

function target(actor: ActorRecord) {
  return {
    targetAteomUid: actor.assignment?.workerUid ?? "",
    actorTemplateNamespace: actor.templateNamespace,
    actorTemplateName: actor.templateName,
    actorId: actor.actorId,
  };
}

function call({ actor, operation, signal }: OperationRun, timeoutMs: number) {
  return { actor, step: operation.step, operationId: operation.id, signal, timeoutMs };
}

function storage({ prefix, uri = "" }: { prefix: string; uri?: string }, place: "local" | "external") {
  return place === "local"
    ? {
        type: atelet.CheckpointType.LOCAL,
        config: { case: "localConfig" as const, value: { snapshotPrefix: prefix } },
      }
    : {
        type: atelet.CheckpointType.EXTERNAL,
        config: { case: "externalConfig" as const, value: { snapshotUriPrefix: uri } },
      };
}

function assetsOf(catalog: ResourceCatalog, { assignment }: ActorRecord): atelet.SandboxAssets | undefined {
  const pool = assignment && catalog.pool(assignment.poolNamespace, assignment.poolName);
  const config = pool && configOfPool(catalog.sandboxConfigs(), pool.object);
  return config && sandboxAssets(config);
}
