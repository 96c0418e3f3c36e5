import type { ActorDirectories } from "../actors/actor-directories.ts";
import type { Generations } from "../actors/generations.ts";
import type { AssetCache } from "../assets/asset-cache.ts";
import type { ImageStore } from "../images/image-store.ts";
import type { NodePaths } from "../node-paths.ts";
import type { SnapshotStore } from "../snapshots/snapshot-store.ts";
import type { WorkerSet } from "../workers/worker-set.ts";

/** What operations on this node work with. */
export interface NodeWorld {
  readonly paths: NodePaths;
  /** `amd64` or `arm64`. */
  readonly architecture: string;
  readonly images: ImageStore;
  readonly assets: AssetCache;
  readonly snapshots: SnapshotStore;
  readonly workers: WorkerSet;
  readonly actors: ActorDirectories;
  readonly generations: Generations;
}
