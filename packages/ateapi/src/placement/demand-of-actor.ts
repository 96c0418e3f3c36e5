import type { ActorTemplate } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ActorRecord, displayName, latestSnapshot, type Snapshot } from "../actors/actor-record.ts";
import type { NodeDirectory } from "../nodes/node-directory.ts";
import { eligiblePools } from "../pools/eligible-pools.ts";
import type { Resource, ResourceCatalog } from "../resources/resource-catalog.ts";
import type { Demand } from "./choose-worker.ts";

/** What `actor` needs of a worker. FAILED_PRECONDITION where no pool will ever do. */
export function demandOfActor(
  actor: ActorRecord,
  template: Resource<ActorTemplate>,
  golden: Snapshot | undefined,
  catalog: ResourceCatalog,
  nodes: NodeDirectory,
): Demand {
  const { sandboxClass } = template.object.spec;
  const pools = eligiblePools(catalog.pools(), template.object, actor.workerSelector);
  if (pools.length === 0) {
    throw new ConnectError(
      `no eligible pool for ${displayName(actor)}: no WorkerPool of class ${sandboxClass} has the labels that are selected`,
      Code.FailedPrecondition,
    );
  }
  const snapshot = latestSnapshot(actor) ?? golden;
  if (snapshot && !snapshot.uploaded && !nodes.isLeased(snapshot.node)) {
    throw new ConnectError(
      `the newest snapshot of ${displayName(actor)} lies on node ${snapshot.node} only, which is not connected`,
      Code.FailedPrecondition,
    );
  }
  return {
    pools: new Set(pools.map(({ namespace, name }) => `${namespace}/${name}`)),
    sandboxClass,
    ...(snapshot && !snapshot.uploaded && { node: snapshot.node }),
    ...(snapshot?.hardwareKey && { hardwareKey: snapshot.hardwareKey }),
    // Who wrote it holds a copy, unless the disk was needed.
    preferredNodes: new Set(snapshot ? [snapshot.node] : []),
  };
}

/** A pool that would do shall have workers, though there may be none at the moment. */
export function wantsWorkers(catalog: ResourceCatalog, { pools }: Demand): boolean {
  return catalog
    .pools()
    .some(({ namespace, name, object }) => pools.has(`${namespace}/${name}`) && object.spec.replicas > 0);
}
