import { type ActorTemplate, matchesSelector, type WorkerPool } from "@agent-substrate/contract";
import type { Resource } from "../resources/resource-catalog.ts";

/** Pools of the template's class whose labels fulfil the template's selector and the actor's own. */
export function eligiblePools(
  pools: readonly Resource<WorkerPool>[],
  template: ActorTemplate,
  selector: Readonly<Record<string, string>>,
): Resource<WorkerPool>[] {
  return pools.filter(
    ({ object: pool }) =>
      pool.spec.sandboxClass === template.spec.sandboxClass &&
      matchesSelector(template.spec.workerSelector, pool.metadata.labels) &&
      Object.entries(selector).every(([key, value]) => pool.metadata.labels[key] === value),
  );
}
