// L5: a checkpoint is a snapshot when it is durable on this node; only then is the worker free.
import { mkdir } from "node:fs/promises";
import { ateom, extensions, type PhaseClock } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Assignment } from "../actors/assignment.ts";
import { estimateCheckpointBytes } from "../snapshots/free-space.ts";
import {
  manifestFormatVersion,
  type SnapshotFile,
  type SnapshotManifest,
  type SnapshotScope,
} from "../snapshots/snapshot-manifest.ts";
import type { RunningWorkload } from "../workers/execution.ts";
import type { Worker } from "../workers/worker.ts";
import { callBackEnd, workloadRequest } from "./call-back-end.ts";
import type { NodeWorld } from "./node-world.ts";
import { NothingDone } from "./operation-journal.ts";

const checkpointTimeoutMs = 360_000;
const statusTimeoutMs = 5_000;

export interface CheckpointRequest {
  readonly worker: Worker;
  /** As this call names it; what runs may carry another operation's id. */
  readonly asked: Assignment;
  readonly scope: SnapshotScope;
  readonly prefix: string;
  /** Where the snapshot goes afterwards; for the back end's information. */
  readonly uriPrefix: string;
}

/** Returns when the snapshot lies on this node and the worker is free. */
export async function checkpointActor(
  world: NodeWorld,
  request: CheckpointRequest,
  clock: PhaseClock,
): Promise<void> {
  if (isWrittenAlready(world, request)) return;
  const { worker } = request;
  using _room = await makeRoom(world, request);
  const { assignment, running } = takeActor(request);
  const names = await writeCheckpoint(world, request, assignment, running, clock);
  try {
    const actor = world.paths.contract.actor(assignment.key);
    await clock.measure("commit", () =>
      world.snapshots.commit(request.prefix, actor.checkpoint, names, (files) =>
        describeSnapshot(world, request, running, files),
      ),
    );
  } catch (error) {
    worker.lose(assignment, `its checkpoint could not be kept: ${(error as Error).message}`);
    throw error;
  } finally {
    await world.actors.remove(assignment);
    worker.release(assignment);
  }
}

/** L6: after a restart the manifest is the record of the operation. */
function isWrittenAlready(world: NodeWorld, { prefix, asked }: CheckpointRequest): boolean {
  const known = world.snapshots.find(prefix);
  return (
    known !== undefined && asked.operationId !== undefined && known.manifest.operationId === asked.operationId
  );
}

/** L5: no checkpoint begins without free disk. */
async function makeRoom(world: NodeWorld, { worker, prefix }: CheckpointRequest): Promise<Disposable> {
  try {
    if (world.snapshots.find(prefix)) {
      throw new ConnectError(`this node has a snapshot ${prefix} already`, Code.FailedPrecondition);
    }
    const bytes =
      worker.state.kind === "executing" && worker.state.step.kind === "running"
        ? worker.state.step.running.parentBytes
        : 0;
    return await world.snapshots.makeRoom(estimateCheckpointBytes(bytes));
  } catch (error) {
    throw new NothingDone(error);
  }
}

function takeActor({ worker, asked }: CheckpointRequest) {
  try {
    return worker.beginCheckpoint(asked);
  } catch (error) {
    throw new NothingDone(error);
  }
}

/** Answers the names of the files that the back end wrote. */
async function writeCheckpoint(
  world: NodeWorld,
  { worker, asked, scope, uriPrefix }: CheckpointRequest,
  assignment: Assignment,
  running: RunningWorkload,
  clock: PhaseClock,
): Promise<string[]> {
  const actor = world.paths.contract.actor(assignment.key);
  try {
    await mkdir(actor.checkpoint, { recursive: true, mode: 0o700 });
    const message = {
      ...workloadRequest(assignment, running),
      snapshotUriPrefix: uriPrefix,
      scope: scope === "full" ? ateom.SnapshotScope.FULL : ateom.SnapshotScope.DATA,
    };
    const reply = await callBackEnd(
      "checkpoint",
      worker,
      assignment,
      asked.operationId,
      checkpointTimeoutMs,
      clock,
      (options) => worker.client.ateom.checkpointWorkload(message, options),
    );
    if (reply.snapshotFiles.length > 0) return reply.snapshotFiles;
    throw new ConnectError("the checkpoint failed: the back end reported no files", Code.Internal);
  } catch (error) {
    throw await settleFailure(worker, assignment, running, error);
  }
}

/**
 * The actor goes on where its back end says so; otherwise the worker is cleared and the actor lost.
 * Answers what the caller is told.
 */
async function settleFailure(
  worker: Worker,
  assignment: Assignment,
  running: RunningWorkload,
  error: unknown,
): Promise<unknown> {
  if (await stillRuns(worker, assignment, error)) {
    worker.resumeRunning(assignment, running);
    return error;
  }
  const { rawMessage } = ConnectError.from(error);
  worker.lose(assignment, `its checkpoint failed: ${rawMessage}`);
  await worker.clear(assignment);
  // Whatever the back end's code says of a call that may be repeated or did nothing, the actor is gone.
  const message = `the checkpoint failed, and the actor with it: ${rawMessage}`;
  return new ConnectError(message, Code.Internal, undefined, undefined, error);
}

/** A back end of the base contract alone that answers one of these has not begun. */
const notBegun: readonly Code[] = [
  Code.InvalidArgument,
  Code.Unimplemented,
  Code.ResourceExhausted,
  Code.PermissionDenied,
  Code.Unauthenticated,
];

async function stillRuns(worker: Worker, { key }: Assignment, error: unknown): Promise<boolean> {
  if (worker.state.kind === "ending") return false;
  if (!worker.description) return notBegun.includes(ConnectError.from(error).code);
  try {
    const status = await worker.client.extensions.getStatus({}, { timeoutMs: statusTimeoutMs });
    return (
      status.state === extensions.GetStatusResponse_State.EXECUTING && status.actor?.actorId === key.actorId
    );
  } catch {
    return false;
  }
}

function describeSnapshot(
  world: NodeWorld,
  { worker, asked, scope }: CheckpointRequest,
  { assets, shape, parent }: RunningWorkload,
  files: readonly SnapshotFile[],
): SnapshotManifest {
  const hardwareKey = worker.description?.hardwareKey;
  return {
    sandboxClass: assets.sandboxClass,
    assets: assets.files,
    snapshotFiles: files.map(({ name }) => name),
    formatVersion: manifestFormatVersion,
    scope,
    files,
    shape,
    architecture: world.architecture,
    createdAt: new Date().toISOString(),
    generation: String(asked.generation),
    ...(hardwareKey && { hardwareKey }),
    ...(parent !== undefined && { parent }),
    ...(asked.operationId !== undefined && { operationId: asked.operationId }),
  };
}
