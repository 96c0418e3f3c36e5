import type { WorkerRecord } from "../workers/worker-record.ts";

/** Why workers of these pools (`<namespace>/<name>`) cannot be started, where a node says that of one. */
export function poolFailure(
  workers: readonly WorkerRecord[],
  pools: ReadonlySet<string>,
): string | undefined {
  const failed = workers.find((worker) => isMissing(worker) && pools.has(poolNameOf(worker)));
  return failed && describeMissing(failed);
}

/** A node tells of it only to say why it is not there: it has no address. */
export function isMissing({ address }: WorkerRecord): boolean {
  return address === "";
}

/** For people. */
export function describeMissing(worker: WorkerRecord): string {
  return `a worker of pool ${poolNameOf(worker)} does not start on node ${worker.node}: ${worker.message}`;
}

function poolNameOf({ poolNamespace, poolName }: WorkerRecord): string {
  return `${poolNamespace}/${poolName}`;
}
