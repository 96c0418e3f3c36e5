// How an actor gets onto a worker, booted or from a snapshot. Whatever fails, the worker is blank and
// free again afterwards, and the failure is an error (L7).
import { writeFile } from "node:fs/promises";
import { ateom, InvalidInput, type PhaseClock } from "@agent-substrate/contract";
import { raceAbort } from "@agent-substrate/process-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Assignment } from "../actors/assignment.ts";
import type { Workload, WorkloadContainer } from "../actors/workload.ts";
import type { SandboxAssets } from "../assets/sandbox-assets.ts";
import type { ContainerShape } from "../bundles/bundle-shape.ts";
import { containerEnv } from "../bundles/container-env.ts";
import { type BundlePlace, writeBundles } from "../bundles/write-bundles.ts";
import type { ResolvedImage } from "../images/image-store.ts";
import { pathsSeenBy } from "../workers/back-end-command.ts";
import type { RunningWorkload } from "../workers/execution.ts";
import type { Worker } from "../workers/worker.ts";
import { type ActorSource, resolveSource } from "./actor-source.ts";
import { callBackEnd, workloadRequest } from "./call-back-end.ts";
import type { NodeWorld } from "./node-world.ts";
import { NothingDone } from "./operation-journal.ts";

/** Readiness has 30 s of it. */
const startTimeoutMs = 120_000;

export interface StartRequest {
  readonly worker: Worker;
  readonly assignment: Assignment;
  readonly workload: Workload;
  readonly source: ActorSource;
}

/** Returns when the actor is ready. */
export async function startActor(world: NodeWorld, request: StartRequest, clock: PhaseClock): Promise<void> {
  const { worker, assignment } = request;
  const taken = await takeWorker(world, worker, assignment);
  let askedAt: number | undefined;
  try {
    const running = await prepare(world, request, taken, clock);
    worker.ask(assignment);
    askedAt = performance.now();
    await callStart(request, running, clock);
    worker.becomeRunning(assignment, running);
  } catch (error) {
    const isOver = askedAt !== undefined && isItsWord(worker, error, performance.now() - askedAt);
    await clock.measure("clear", () => (isOver ? worker.abandon(assignment) : worker.clear(assignment)));
    // Where the worker went meanwhile, it has left the directory to whoever was filling it.
    await world.actors.remove(assignment);
    throw askedAt === undefined ? error : startFailure(worker, error);
  }
}

/**
 * Whether a failed start is the back end's own word, by which nothing of it runs. One that can end a
 * workload is told to, whatever it says.
 */
function isItsWord(worker: Worker, error: unknown, elapsedMs: number): boolean {
  if (worker.description?.canTerminate) return false;
  const { code } = ConnectError.from(error);
  // Its own patience is shorter than the one of this call.
  if (code === Code.DeadlineExceeded) return elapsedMs < startTimeoutMs - 1000;
  return ![Code.Unavailable, Code.Canceled, Code.Aborted, Code.Unknown].includes(code);
}

/** UNAVAILABLE would say that this node did not answer; it is the worker that is of no use. */
function startFailure(worker: Worker, error: unknown): unknown {
  const { code, rawMessage } = ConnectError.from(error);
  if (code !== Code.Unavailable) return error;
  const message = `the back end of worker ${worker.uid} did not answer: ${rawMessage}`;
  return new ConnectError(message, Code.Aborted, undefined, undefined, error);
}

/** An actor is on one worker of this node at most; a newer assignment ends an older one. */
async function takeWorker(world: NodeWorld, worker: Worker, assignment: Assignment): Promise<AbortSignal> {
  try {
    const other = world.workers.findByActor(assignment.key);
    const isOlder = other?.assignment && other.assignment.generation < assignment.generation;
    if (other?.assignment && other !== worker && isOlder) await other.clear(other.assignment);
    else if (other && other !== worker) {
      throw new ConnectError(
        `worker ${other.uid} of this node is executing the actor`,
        Code.FailedPrecondition,
      );
    }
    return worker.begin(assignment);
  } catch (error) {
    throw new NothingDone(error);
  }
}

/** Everything that the back end reads. The files are written at once: a disk that is slow is waited for once. */
async function prepare(
  world: NodeWorld,
  { worker, assignment, workload, source }: StartRequest,
  taken: AbortSignal,
  clock: PhaseClock,
): Promise<RunningWorkload> {
  const images = new Map<string, ResolvedImage>();
  const resolve = async (field: string, reference: string) => {
    const image = await world.images.resolve(field, reference);
    images.set(reference, image);
    return image;
  };
  const { architecture } = world;
  const found = resolveSource(source, workload, worker, architecture, resolve, clock);
  const { shape, assets, snapshot } = await raceAbort(found, taken);
  const provided = clock.measure("assets", () => world.assets.provide(assets.files));
  const seen = pathsSeenBy(worker.pool, world.paths.basePath);
  const assetPaths = Object.fromEntries(
    Object.entries(await raceAbort(provided, taken)).map(([name, path]) => [name, seen(path)]),
  );
  const place: Omit<BundlePlace, "actor"> = {
    actorId: assignment.key.actorId,
    netnsPath: world.paths.contract.ateom(worker.uid).netnsPath,
    resolvConf: world.paths.resolvConf,
    seen,
    rootPath: (container) => imageOf(images, container).rootPath,
    env: (container) => containerEnv(imageOf(images, container), containerOf(workload, container)),
  };
  await world.actors.fill(assignment, taken, clock, (actor) =>
    Promise.allSettled([
      writeBundles(shape, { ...place, actor }),
      writeAssets(actor.sandboxAssets, assets),
      snapshot && world.snapshots.place(snapshot, actor.restore),
    ]),
  );
  const parentBytes = (snapshot?.manifest.files ?? []).reduce((sum, file) => sum + file.sizeBytes, 0);
  return { workload, shape, assets, assetPaths, parentBytes, ...(snapshot && { parent: snapshot.prefix }) };
}

async function writeAssets(path: string, { sandboxClass, files }: SandboxAssets): Promise<void> {
  await writeFile(path, JSON.stringify({ sandboxClass, assets: files }), { mode: 0o600 });
}

async function callStart(
  { worker, assignment, source }: StartRequest,
  running: RunningWorkload,
  clock: PhaseClock,
): Promise<void> {
  const request = workloadRequest(assignment, running);
  const { operationId } = assignment;
  if (source.kind === "images") {
    await callBackEnd("run", worker, assignment, operationId, startTimeoutMs, clock, (options) =>
      worker.client.ateom.runWorkload(request, options),
    );
    return;
  }
  const scope = source.scope === "full" ? ateom.SnapshotScope.FULL : ateom.SnapshotScope.DATA;
  await callBackEnd("restore", worker, assignment, operationId, startTimeoutMs, clock, (options) =>
    worker.client.ateom.restoreWorkload({ ...request, scope }, options),
  );
}

function containerOf(workload: Workload, { name }: ContainerShape): WorkloadContainer | undefined {
  return workload.containers.find((container) => container.name === name);
}

function imageOf(images: ReadonlyMap<string, ResolvedImage>, container: ContainerShape): ResolvedImage {
  const image = images.get(container.image.reference);
  if (!image) throw new InvalidInput("image", `${container.image.reference} is not unpacked`);
  return image;
}
