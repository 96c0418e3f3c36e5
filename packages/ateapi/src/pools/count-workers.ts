// A pool's status says how many workers it has.
import type { Logger } from "@agent-substrate/process-kit";
import type { ResourceCatalog } from "../resources/resource-catalog.ts";
import type { WorkerDirectory } from "../workers/worker-directory.ts";
import { isMissing, poolFailure } from "./pool-failure.ts";

/** Writes it whenever the number is another; changes of one turn together. */
export function countWorkers(workers: WorkerDirectory, catalog: ResourceCatalog, log: Logger): void {
  let scheduled = false;
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      write();
    });
  };
  const write = () => {
    const all = workers.all();
    const present = all.filter((worker) => !isMissing(worker));
    for (const pool of catalog.pools()) {
      const { namespace, name } = pool;
      const replicas = present.filter(
        (worker) => worker.poolNamespace === namespace && worker.poolName === name,
      ).length;
      const failure = poolFailure(all, new Set([`${namespace}/${name}`]));
      catalog
        .putStatus(pool, ({ status: { conditions: _former, ...status } }) => ({
          ...status,
          ...((status.replicas ?? 0) !== replicas && { replicas }),
          ...(failure !== undefined && {
            conditions: [{ type: "Ready", status: "False", message: failure }],
          }),
        }))
        .catch((error) => log.warn({ err: error, pool: name }, "status not written"));
    }
  };
  workers.onChange((after, before) => {
    if (!after || !before || after.message !== before.message) schedule();
  });
  catalog.onChange((after, before) => {
    if (after?.kind === "WorkerPool" && !before) schedule();
  });
}
