import {
  nodes,
  parseBytes,
  parseMillicores,
  parseQuantity,
  type WorkerPool,
} from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import type { Resource, ResourceCatalog } from "../resources/resource-catalog.ts";
import { configOfPool, sandboxAssets } from "./sandbox-config.ts";

/**
 * What each of the nodes that start workers shall run: every pool's replicas spread evenly, the rest of
 * the division to the first nodes by name.
 */
export function desiredWorkers(
  catalog: ResourceCatalog,
  nodeNames: readonly string[],
): Map<string, nodes.DesiredWorkers> {
  const sorted = [...nodeNames].sort();
  return new Map(
    sorted.map((nodeName, index) => {
      const pools = catalog.pools().map((pool) => {
        const { replicas } = pool.object.spec;
        const share = Math.floor(replicas / sorted.length) + (index < replicas % sorted.length ? 1 : 0);
        return poolWorkers(catalog, pool, share);
      });
      return [nodeName, create(nodes.DesiredWorkersSchema, { pools })];
    }),
  );
}

const deviceTypes = {
  CharDevice: nodes.HostDevice_Type.CHARACTER,
  BlockDevice: nodes.HostDevice_Type.BLOCK,
};

function poolWorkers(
  catalog: ResourceCatalog,
  { namespace, name, object: pool }: Resource<WorkerPool>,
  replicas: number,
): nodes.PoolWorkers {
  const config = configOfPool(catalog.sandboxConfigs(), pool);
  const { limits } = pool.spec.template.resources;
  const { template } = pool.spec;
  return create(nodes.PoolWorkersSchema, {
    namespace,
    name,
    // Without a config nobody knows how to start them.
    replicas: config ? replicas : 0,
    sandboxClass: pool.spec.sandboxClass,
    localCommand: config?.object.spec.localCommand ?? [],
    fixedBasePath: config?.object.spec.fixedBasePath ?? false,
    workersPerProcess: config?.object.spec.workersPerProcess ?? 1,
    ...(config && { assets: sandboxAssets(config) }),
    egress: template.egress === "Deny" ? nodes.Egress.DENY : nodes.Egress.NAT,
    env: Object.fromEntries(template.env.map((entry) => [entry.name, entry.value])),
    needs: create(nodes.WorkerNeedsSchema, {
      devices: template.hostDevices.map(({ path, type }) => ({ path, type: deviceTypes[type] })),
      paths: template.hostPaths,
      capabilities: template.capabilities,
      nodeLabels: template.nodeSelector,
      nodeAffinity: template.nodeAffinity !== undefined,
    }),
    limits: create(nodes.ResourceLimitsSchema, {
      memoryBytes: BigInt(limits.memory ? parseBytes("limits.memory", limits.memory) : 0),
      cpuMillis: BigInt(limits.cpu ? parseMillicores("limits.cpu", limits.cpu) : 0),
      pids: BigInt(limits.pids ? Math.ceil(parseQuantity("limits.pids", limits.pids)) : 0),
      ephemeralStorageBytes: BigInt(
        limits["ephemeral-storage"] ? parseBytes("limits.ephemeral-storage", limits["ephemeral-storage"]) : 0,
      ),
    }),
  });
}
