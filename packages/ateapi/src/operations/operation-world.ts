import type { Logger } from "@agent-substrate/process-kit";
import type { LiveActors } from "../actors/live-actors.ts";
import type { FailedSuspends } from "../idleness/failed-suspends.ts";
import type { NodeDirectory } from "../nodes/node-directory.ts";
import type { Placement } from "../placement/placement.ts";
import type { ResourceCatalog } from "../resources/resource-catalog.ts";
import type { RouterLeases } from "../routes/router-leases.ts";
import type { SnapshotDeletions } from "../snapshots/snapshot-deletions.ts";
import type { SnapshotLocations } from "../snapshots/snapshot-locations.ts";
import type { SnapshotUploads } from "../snapshots/snapshot-uploads.ts";
import type { GoldenSnapshots } from "../templates/golden-snapshots.ts";
import type { DoubtedWorkers } from "../workers/doubted-workers.ts";
import type { WorkerDirectory } from "../workers/worker-directory.ts";

/** What the steps of operations act upon. */
export interface OperationWorld {
  readonly actors: LiveActors;
  readonly nodes: NodeDirectory;
  readonly workers: WorkerDirectory;
  readonly placement: Placement;
  readonly catalog: ResourceCatalog;
  readonly leases: RouterLeases;
  readonly locations: SnapshotLocations;
  readonly uploads: SnapshotUploads;
  readonly deletions: SnapshotDeletions;
  readonly doubted: DoubtedWorkers;
  /** Names of the nodes that tell nothing of their workers. */
  readonly staticNodes: ReadonlySet<string>;
  readonly goldens: GoldenSnapshots;
  readonly failedSuspends: FailedSuspends;
  readonly log: Logger;
}
