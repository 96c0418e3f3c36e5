// Where things lie on a node. Both sides of the `ateom` contract build paths from these functions,
// never by hand; every name is validated before a path holds it.
import { join } from "node:path";
import { validateActorKey, validateAssetHash, validateDns1123Label } from "./names.ts";

/** Historical; kept because existing snapshots embed absolute paths. `ATE_BASE_PATH` overrides it. */
export const defaultBasePath = "/var/lib/ateom-gvisor";

/** What names an actor on a node. `template` is the qualified name that went over the wire. */
export interface ActorKey {
  readonly namespace: string;
  readonly template: string;
  readonly actorId: string;
}

export interface AteomPaths {
  /** Owned by the back end, 0700. */
  readonly directory: string;
  readonly socket: string;
  /** Name and path of the actor's network namespace, made by the back end. */
  readonly netnsName: string;
  readonly netnsPath: string;
}

export interface ActorPaths {
  readonly directory: string;
  /** Mounted read-only at `/run/ate` in app containers; holds `actor-id`. */
  readonly identity: string;
  /** JSON: which assets the actor runs on; written by the node supervisor. */
  readonly sandboxAssets: string;
  /** State of the sandbox runtime; the back end's. */
  readonly runtimeState: string;
  /** OCI bundle of a container; written by the node supervisor. */
  bundle(container: string): string;
  debugLogs(container: string): string;
  /** A back end writes a checkpoint's files here. */
  readonly checkpoint: string;
  readonly localCheckpoint: string;
  durableDir(volume: string): string;
  /** A back end reads a snapshot's files from here. */
  readonly restore: string;
  pidFile(container: string): string;
}

export interface ContractPaths {
  readonly basePath: string;
  cachedAsset(sha256: string): string;
  ateom(uid: string): AteomPaths;
  actor(key: ActorKey): ActorPaths;
}

/** The paths under one base path (default: `ATE_BASE_PATH`, else the historical one). */
export function contractPaths(
  basePath: string = process.env.ATE_BASE_PATH ?? defaultBasePath,
): ContractPaths {
  return {
    basePath,
    // The prefix is historical and holds for the asset of any back end: snapshots embed it.
    cachedAsset: (sha256) => join(basePath, "static-files", `runsc-${validateAssetHash("sha256", sha256)}`),
    ateom: (uid) => ateomPaths(basePath, validateDns1123Label("worker uid", uid)),
    actor: (key) => actorPaths(basePath, key),
  };
}

/** The worker's own network namespace, where one process serves several workers: see docs/reference. */
export function workerNetnsName(uid: string): string {
  return `worker:${validateDns1123Label("worker uid", uid)}`;
}

export function workerNetnsPath(uid: string): string {
  return `/run/netns/${workerNetnsName(uid)}`;
}

function ateomPaths(basePath: string, uid: string): AteomPaths {
  const directory = join(basePath, "ateoms", uid);
  return {
    directory,
    socket: join(directory, "ateom.sock"),
    netnsName: `ateom:${uid}`,
    netnsPath: `/run/netns/ateom:${uid}`,
  };
}

function actorPaths(basePath: string, key: ActorKey): ActorPaths {
  validateActorKey(key);
  const directory = join(basePath, "actors", `${key.namespace}:${key.template}:${key.actorId}`);
  const label = (name: string) => validateDns1123Label("container or volume name", name);
  return {
    directory,
    identity: join(directory, "identity"),
    sandboxAssets: join(directory, "sandbox-assets.json"),
    runtimeState: join(directory, "runsc-state"),
    bundle: (container) => join(directory, "bundles", label(container)),
    debugLogs: (container) => join(directory, "runsc-debug-logs", label(container)),
    checkpoint: join(directory, "checkpoint-state"),
    localCheckpoint: join(directory, "local-checkpoint"),
    durableDir: (volume) => join(directory, "durable-dir", label(volume)),
    restore: join(directory, "restore-state"),
    pidFile: (container) => join(directory, "pidfiles", `${label(container)}.pid`),
  };
}
