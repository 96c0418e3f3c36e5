// Where things lie on a node. Both sides of the `ateom` contract build paths from these functions,
// never by hand; every name is validated before a path holds it, with `InvalidInput` for a bad one.
// The table in ateom.proto says the same for other languages; vectors/paths.json holds both to it.
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

/** What belongs to one worker. */
export interface AteomPaths {
  /** `ateoms/<uid>`; owned by the back end, 0700. */
  readonly directory: string;
  /** Where the back end serves this worker. A unix socket's path has at most 107 bytes, which is not checked here. */
  readonly socket: string;
  /** Name and path of the actors' network namespace, made by the back end. */
  readonly netnsName: string;
  readonly netnsPath: string;
}

/** What belongs to one actor. The functions throw `InvalidInput` for what is no DNS label. */
export interface ActorPaths {
  /** `actors/<namespace>:<template>:<actor id>`. */
  readonly directory: string;
  /** Mounted read-only at `/run/ate` in app containers; holds `actor-id`. */
  readonly identity: string;
  /** JSON: which assets the actor runs on; written by the node supervisor. */
  readonly sandboxAssets: string;
  /** State of the sandbox runtime; the back end's. */
  readonly runtimeState: string;
  /** OCI bundle of a container; written by the node supervisor. */
  bundle(container: string): string;
  /** Logs of the sandbox runtime; the back end's. */
  debugLogs(container: string): string;
  /** A back end writes a checkpoint's files here. */
  readonly checkpoint: string;
  /** The node supervisor's; back ends do not touch it. */
  readonly localCheckpoint: string;
  /** The host side of a durable directory; made by the node supervisor. */
  durableDir(volume: string): string;
  /** A back end reads a snapshot's files from here. */
  readonly restore: string;
  /** Process id of a container, decimal; the back end's. */
  pidFile(container: string): string;
}

/** The path conventions under one base path. The functions throw `InvalidInput` for names that are none. */
export interface ContractPaths {
  readonly basePath: string;
  /** The verified file of an asset, for back ends of any kind. Takes 64 hex characters of either case. */
  cachedAsset(sha256: string): string;
  /** `uid`: the worker's, a DNS label. */
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

/** The worker's own network namespace, where one process serves several workers: see ateom.proto. */
export function workerNetnsName(uid: string): string {
  return `worker:${validateDns1123Label("worker uid", uid)}`;
}

/** Where `workerNetnsName` can be entered. */
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
