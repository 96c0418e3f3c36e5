import type { WorkerRecord } from "../workers/worker-record.ts";

/** What somebody who waits for a worker needs. */
export interface Demand {
  /** Pools that will do, as `<namespace>/<name>`. */
  readonly pools: ReadonlySet<string>;
  readonly sandboxClass: string;
  /** The only node that will do: the one that holds the only copy of the snapshot. */
  readonly node?: string;
  /** Absent: any. Else only workers that declare the same one. */
  readonly hardwareKey?: string;
  /** Nodes that hold the snapshot already. */
  readonly preferredNodes: ReadonlySet<string>;
}

/** The same for demands that the same workers satisfy. */
export function demandKey({ pools, sandboxClass, node = "", hardwareKey = "" }: Demand): string {
  return JSON.stringify([sandboxClass, node, hardwareKey, [...pools].sort()]);
}

/** Whether a worker would do once it is free. */
export function satisfies(worker: WorkerRecord, demand: Demand): boolean {
  return (
    demand.pools.has(`${worker.poolNamespace}/${worker.poolName}`) &&
    worker.sandboxClass === demand.sandboxClass &&
    (demand.node === undefined || worker.node === demand.node) &&
    (!demand.hardwareKey || worker.hardwareKey === demand.hardwareKey)
  );
}

/** Of those that would do: on a node with the snapshot first, and then the one that was free longest. */
export function chooseWorker(free: readonly WorkerRecord[], demand: Demand): WorkerRecord | undefined {
  let best: WorkerRecord | undefined;
  for (const worker of free) {
    if (satisfies(worker, demand) && (!best || isBetter(worker, best, demand))) best = worker;
  }
  return best;
}

function isBetter(a: WorkerRecord, b: WorkerRecord, { preferredNodes }: Demand): boolean {
  const [near, other] = [preferredNodes.has(a.node), preferredNodes.has(b.node)];
  return near === other ? a.freeSince < b.freeSince : near;
}
