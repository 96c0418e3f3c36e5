import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { type ActorKey, nodes } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import { sameActor } from "../actors/assignment.ts";
import type { InventoryWorker } from "./inventory.ts";
import { type PoolDefinition, parsePool, poolKey } from "./pool-definition.ts";
import { PoolWorkers } from "./pool-workers.ts";
import type { LostWorkload, Worker } from "./worker.ts";
import type { WorkerSurroundings } from "./worker-group.ts";

/** All workers of this node, as many of each pool as the control plane wants. */
export class WorkerSet {
  /** `changed`: the inventory is another. `lost`: see LostWorkload. */
  readonly events = new EventEmitter<{ changed: []; lost: [LostWorkload] }>();
  readonly #around: WorkerSurroundings;
  readonly #pools = new Map<string, PoolWorkers>();
  #refused: readonly InventoryWorker[] = [];
  #stopping = false;

  constructor(around: WorkerSurroundings) {
    this.#around = around;
  }

  get workers(): Worker[] {
    return [...this.#pools.values()].flatMap((pool) => pool.workers);
  }

  /** NOT_FOUND where this node has no such worker. */
  find(uid: string): Worker {
    const worker = this.workers.find((candidate) => candidate.uid === uid);
    if (!worker) throw new ConnectError(`worker ${uid} is not on this node`, Code.NotFound);
    return worker;
  }

  findByActor(key: ActorKey): Worker | undefined {
    return this.workers.find((worker) => worker.assignment && sameActor(worker.assignment.key, key));
  }

  /** What the node shall have, whole each time. Pools that cannot be are shown with the reason. */
  want(desired: nodes.DesiredWorkers): void {
    if (this.#stopping) return;
    const wanted = new Map<string, PoolDefinition>();
    const refused: InventoryWorker[] = [];
    for (const pool of desired.pools) {
      try {
        const definition = parsePool(pool);
        wanted.set(poolKey(definition), definition);
      } catch (error) {
        if (pool.replicas > 0) refused.push(describeRefused(pool, (error as Error).message));
      }
    }
    this.#refused = refused;
    for (const [key, pool] of this.#pools) if (!wanted.has(key)) this.#remove(key, pool);
    for (const [key, definition] of wanted) {
      const pool = this.#pools.get(key);
      if (pool) pool.update(definition);
      else this.#add(key, definition);
    }
    this.events.emit("changed");
  }

  describe(): InventoryWorker[] {
    return [...[...this.#pools.values()].flatMap((pool) => pool.describe()), ...this.#refused];
  }

  /** Ends all back ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
  }

  #add(key: string, definition: PoolDefinition): void {
    const pool = new PoolWorkers(definition, this.#around);
    this.#pools.set(key, pool);
    pool.events.on("changed", () => {
      this.#forgetDone(key, pool);
      this.events.emit("changed");
    });
    pool.events.on("lost", (lost) => this.events.emit("lost", lost));
  }

  /** What runs is left to its actors; the pool goes with its last worker. */
  #remove(key: string, pool: PoolWorkers): void {
    pool.dissolve();
    this.#forgetDone(key, pool);
  }

  #forgetDone(key: string, pool: PoolWorkers): void {
    if (pool.isDone && this.#pools.get(key) === pool) this.#pools.delete(key);
  }
}

function describeRefused(pool: nodes.PoolWorkers, message: string): InventoryWorker {
  return {
    uid: randomUUID(),
    poolNamespace: pool.namespace,
    poolName: pool.name,
    sandboxClass: pool.sandboxClass,
    state: nodes.NodeWorker_State.STARTING,
    message,
  };
}
