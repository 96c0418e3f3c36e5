import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type AteomPaths, ateom, type ContractPaths, extensions } from "@agent-substrate/contract";
import { type RpcTransport, rpcTransport } from "@agent-substrate/rpc-kit";
import { type CallOptions, type Client, createClient } from "@connectrpc/connect";
import { expectSuccess } from "../expect.ts";
import type { Actor } from "./actor.ts";
import type { BackEndProcess } from "./back-end-process.ts";
import { type BundlePlace, writeActorFiles } from "./bundles.ts";
import type { WorkerPlace } from "./node-network.ts";
import { createProbeClient, type ProbeClient } from "./probe-client.ts";
import { type SnapshotScope, scopeOnWire } from "./scope.ts";
import { placeSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";

/** For Run and Restore (readiness alone may take 30 s), and for Checkpoint. */
const callTimeoutMs = 50_000;

export interface CheckpointOptions extends CallOptions {
  /** Default empty. */
  readonly snapshotUriPrefix?: string;
}

/** What all workers of a run share. */
export interface WorkerWorld {
  readonly paths: ContractPaths;
  readonly place: Omit<BundlePlace, "netnsPath">;
  readonly snapshotsFolder: string;
  readonly assets: Readonly<Record<string, string>>;
  readonly mainScope: SnapshotScope;
}

/** A worker as a node supervisor sees it: one socket, one address. */
export interface Worker extends Disposable {
  readonly uid: string;
  /** Where its actor's port 80 is reached; every port, from the node's side of its link. */
  readonly address: string;
  readonly nodeAddress: string;
  readonly paths: AteomPaths;
  /** Absent where the back end was already running. */
  readonly process: BackEndProcess | undefined;
  readonly ateom: Client<typeof ateom.Ateom>;
  readonly extensions: Client<typeof extensions.AteomExtensions>;
  readonly probe: ProbeClient;
  /** The actor that the calls below left running. */
  readonly executing: Actor | undefined;
  /** Writes the actor's files for this worker. `run` and `restore` do so, too. */
  prepare(actor: Actor): Promise<void>;
  /** Each of these throws a `Violation` where the back end refuses. */
  run(actor: Actor, options?: CallOptions): Promise<void>;
  checkpoint(options?: CallOptions & { readonly scope?: SnapshotScope }): Promise<Snapshot>;
  restore(actor: Actor, snapshot: Snapshot, options?: CallOptions): Promise<void>;
  /** The same calls as they are, with the actor's fields filled in. */
  callRun(actor: Actor, options?: CallOptions): Promise<void>;
  callCheckpoint(
    actor: Actor,
    scope?: SnapshotScope,
    options?: CheckpointOptions,
  ): Promise<readonly string[]>;
  callRestore(actor: Actor, scope?: SnapshotScope, options?: CallOptions): Promise<void>;
  /** What `checkpoint` took here. */
  readonly snapshots: readonly Snapshot[];
  /** Tells that it may run something that these calls do not know of: it is not used again. */
  taint(): void;
  readonly isTainted: boolean;
}

export function openWorker(
  place: WorkerPlace,
  process: BackEndProcess | undefined,
  world: WorkerWorld,
): Worker {
  const paths = world.paths.ateom(place.uid);
  const transport: RpcTransport = rpcTransport(`unix:${paths.socket}`, { protocol: "grpc" });
  const client = createClient(ateom.Ateom, transport);
  let executing: Actor | undefined;
  let isTainted = false;
  const snapshots: Snapshot[] = [];
  const request = (actor: Actor) => ({ ...actor.request, runtimeAssetPaths: { ...world.assets } });
  const limits = (options?: CallOptions) => ({ timeoutMs: callTimeoutMs, ...options });

  const worker: Worker = {
    ...place,
    paths,
    process,
    ateom: client,
    extensions: createClient(extensions.AteomExtensions, transport),
    probe: createProbeClient(place.address),
    snapshots,
    get executing() {
      return executing;
    },
    get isTainted() {
      return isTainted;
    },
    prepare: (actor) => writeActorFiles(actor, { ...world.place, netnsPath: paths.netnsPath }),
    async callRun(actor, options) {
      await client.runWorkload(request(actor), limits(options));
      executing = actor;
    },
    async callCheckpoint(actor, scope = world.mainScope, { snapshotUriPrefix = "", ...options } = {}) {
      const message = { ...request(actor), scope: scopeOnWire(scope), snapshotUriPrefix };
      const { snapshotFiles } = await client.checkpointWorkload(message, limits(options));
      if (executing === actor) executing = undefined;
      return snapshotFiles;
    },
    async callRestore(actor, scope = world.mainScope, options) {
      await client.restoreWorkload({ ...request(actor), scope: scopeOnWire(scope) }, limits(options));
      executing = actor;
    },
    async run(actor, options) {
      await worker.prepare(actor);
      await expectSuccess(worker.callRun(actor, options), "RunWorkload");
    },
    async checkpoint({ scope = world.mainScope, ...options } = {}) {
      const actor = executing;
      if (!actor) throw new Error("nothing runs here that could be checkpointed");
      const names = await expectSuccess(worker.callCheckpoint(actor, scope, options), "CheckpointWorkload");
      const snapshot = await takeSnapshot(actor, scope, names, join(world.snapshotsFolder, randomUUID()));
      snapshots.push(snapshot);
      return snapshot;
    },
    async restore(actor, snapshot, options) {
      await worker.prepare(actor);
      await placeSnapshot(snapshot, actor);
      await expectSuccess(worker.callRestore(actor, snapshot.scope, options), "RestoreWorkload");
    },
    taint() {
      isTainted = true;
    },
    [Symbol.dispose]() {
      transport.close();
    },
  };
  return worker;
}
