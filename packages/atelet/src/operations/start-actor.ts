// How an actor gets onto a worker, booted or from a snapshot. Whatever fails, the worker is blank and
// free again afterwards, and the failure is an error (L7).
import { writeFile } from "node:fs/promises";
import { type ActorPaths, ateom, InvalidInput, type PhaseClock } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Assignment } from "../actors/assignment.ts";
import type { Workload } from "../actors/workload.ts";
import type { SandboxAssets } from "../assets/sandbox-assets.ts";
import type { BundleShape, ContainerShape } from "../bundles/bundle-shape.ts";
import { containerEnv } from "../bundles/container-env.ts";
import { deriveShape } from "../bundles/derive-shape.ts";
import { writeBundles } from "../bundles/write-bundles.ts";
import type { ResolvedImage } from "../images/image-store.ts";
import type { SnapshotScope } from "../snapshots/snapshot-manifest.ts";
import type { LocalSnapshot } from "../snapshots/snapshot-store.ts";
import type { RunningWorkload } from "../workers/execution.ts";
import type { Worker } from "../workers/worker.ts";
import { callBackEnd, workloadRequest } from "./call-back-end.ts";
import type { NodeWorld } from "./node-world.ts";
import { NothingDone } from "./operation-journal.ts";

/** Readiness has 30 s of it. */
const startTimeoutMs = 120_000;

/** What an actor starts from. */
export type ActorSource =
  | { readonly kind: "images"; readonly assets: SandboxAssets }
  | {
      readonly kind: "snapshot";
      readonly scope: SnapshotScope;
      /** Fetches it where this node does not hold it. */
      readonly provide: () => Promise<LocalSnapshot>;
    };

export interface StartRequest {
  readonly worker: Worker;
  readonly assignment: Assignment;
  readonly workload: Workload;
  readonly source: ActorSource;
}

/** Returns when the actor is ready. */
export async function startActor(world: NodeWorld, request: StartRequest, clock: PhaseClock): Promise<void> {
  const { worker, assignment } = request;
  await takeWorker(world, worker, assignment);
  let isAsked = false;
  try {
    const running = await prepare(world, request, clock);
    isAsked = true;
    await callStart(request, running, clock);
    worker.becomeRunning(assignment, running);
  } catch (error) {
    await clock.measure("clear", () =>
      isAsked && mayRun(worker, error) ? worker.clear(assignment) : worker.abandon(assignment),
    );
    throw error;
  }
}

/** A back end of the base contract alone that says that a start failed has nothing running. */
function mayRun(worker: Worker, error: unknown): boolean {
  if (worker.description) return true;
  const { code } = ConnectError.from(error);
  return [Code.Unavailable, Code.DeadlineExceeded, Code.Canceled, Code.Aborted, Code.Unknown].includes(code);
}

/** An actor is on one worker of this node at most; a newer assignment ends an older one. */
async function takeWorker(world: NodeWorld, worker: Worker, assignment: Assignment): Promise<void> {
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
    worker.begin(assignment);
  } catch (error) {
    throw new NothingDone(error);
  }
}

async function prepare(
  world: NodeWorld,
  { worker, assignment, workload, source }: StartRequest,
  clock: PhaseClock,
): Promise<RunningWorkload> {
  const actor = await clock.measure("directory", () => world.actors.prepare(assignment));
  const images = new Map<string, ResolvedImage>();
  const resolve = async (field: string, reference: string) => {
    const image = await world.images.resolve(field, reference);
    images.set(reference, image);
    return image;
  };
  const booted = async (assets: SandboxAssets) => ({
    shape: await deriveShape(workload, resolve),
    assets,
    parentBytes: 0,
  });
  const start =
    source.kind === "images"
      ? await clock.measure("bundle", () => booted(source.assets))
      : await placeSnapshot(world, worker, source, actor, resolve, booted, clock);
  const assetPaths = await clock.measure("assets", () => world.assets.provide(start.assets.files));
  await clock.measure("bundle", async () => {
    await writeBundles(start.shape, {
      actor,
      actorId: assignment.key.actorId,
      netnsPath: world.paths.contract.ateom(worker.uid).netnsPath,
      resolvConf: world.paths.resolvConf,
      rootPath: (container) => imageOf(images, container).rootPath,
      env: (container) =>
        containerEnv(
          imageOf(images, container),
          workload.containers.find(({ name }) => name === container.name),
        ),
    });
    const { sandboxClass, files } = start.assets;
    await writeFile(actor.sandboxAssets, JSON.stringify({ sandboxClass, assets: files }), { mode: 0o600 });
  });
  return { ...start, workload, assetPaths };
}

async function placeSnapshot(
  world: NodeWorld,
  worker: Worker,
  source: Extract<ActorSource, { kind: "snapshot" }>,
  actor: ActorPaths,
  resolve: (field: string, reference: string) => Promise<ResolvedImage>,
  booted: (
    assets: SandboxAssets,
  ) => Promise<{ shape: BundleShape; assets: SandboxAssets; parentBytes: number }>,
  clock: PhaseClock,
) {
  const snapshot = await clock.measure("fetch", source.provide);
  refuseUnfit(world, worker, snapshot, source.scope);
  await clock.measure("place", () => world.snapshots.place(snapshot, actor.restore));
  const { manifest, prefix } = snapshot;
  const assets: SandboxAssets = { sandboxClass: manifest.sandboxClass, files: manifest.assets };
  const parentBytes = (manifest.files ?? []).reduce((sum, file) => sum + file.sizeBytes, 0);
  const { shape } = manifest;
  // Data alone is booted anew around, and a stranger's snapshot has no shape to go by.
  if (source.scope === "data" || !shape) {
    return { ...(await clock.measure("bundle", () => booted(assets))), parent: prefix, parentBytes };
  }
  await clock.measure("bundle", async () => {
    for (const container of shape.containers)
      await resolve(`image of ${container.name}`, container.image.reference);
  });
  return { shape, assets, parent: prefix, parentBytes };
}

/** FAILED_PRECONDITION where the snapshot cannot be continued on this worker. */
function refuseUnfit(
  world: NodeWorld,
  worker: Worker,
  { prefix, manifest }: LocalSnapshot,
  scope: SnapshotScope,
): void {
  const hardwareKey = worker.description?.hardwareKey ?? "";
  const facts: [what: string, of: string | undefined, here: string][] = [
    ["sandbox class", manifest.sandboxClass, worker.pool.sandboxClass],
    ["scope", manifest.scope, scope],
    ["architecture", manifest.architecture, world.architecture],
    ["hardware key", scope === "full" ? manifest.hardwareKey : undefined, hardwareKey],
  ];
  for (const [what, of, here] of facts) {
    if (of === undefined || of === here) continue;
    throw new ConnectError(
      `the snapshot ${prefix} is of ${what} ${of}, but ${here || "none"} is asked of it here`,
      Code.FailedPrecondition,
    );
  }
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

function imageOf(images: ReadonlyMap<string, ResolvedImage>, container: ContainerShape): ResolvedImage {
  const image = images.get(container.image.reference);
  if (!image) throw new InvalidInput("image", `${container.image.reference} is not unpacked`);
  return image;
}
