// Finds RUNNING actors whose workload is gone and begins their revert, and ends workloads that belong
// to no assignment (L9). While an operation is in flight the operation finds out by itself.
import type { Logger } from "@agent-substrate/process-kit";
import { ConnectError } from "@connectrpc/connect";
import { type ActorRecord, displayName } from "../actors/actor-record.ts";
import type { LiveActors } from "../actors/live-actors.ts";
import type { NodeDirectory } from "../nodes/node-directory.ts";
import type { NodeSession } from "../nodes/node-session.ts";
import { newRevert } from "../operations/new-revert.ts";
import { isRefusal } from "../storage/store.ts";
import { findLoss } from "./find-loss.ts";
import type { WorkerDirectory } from "./worker-directory.ts";
import type { WorkerRecord } from "./worker-record.ts";

const endTimeoutMs = 60_000;

export class LossWatch {
  readonly #actors: LiveActors;
  readonly #nodes: NodeDirectory;
  readonly #workers: WorkerDirectory;
  readonly #log: Logger;
  /** Stray workloads that are being ended, as `<worker>/<generation>`. */
  readonly #ending = new Set<string>();

  constructor(actors: LiveActors, nodes: NodeDirectory, workers: WorkerDirectory, log: Logger) {
    this.#actors = actors;
    this.#nodes = nodes;
    this.#workers = workers;
    this.#log = log;
    actors.onChange((after) => after && this.check(after));
    workers.onChange((after, before) => this.#checkWorker(after ?? before));
    nodes.onChange({
      connected: (session) => this.checkNode(session),
      lost: (nodeName) => {
        workers.removeNode(nodeName);
        for (const actor of actors.all()) if (actor.assignment?.node === nodeName) this.check(actor);
      },
    });
  }

  /** Begins the revert of an actor whose workload is gone for certain. */
  check(actor: ActorRecord): void {
    if (actor.status !== "RUNNING" || actor.operation) return;
    const reason = findLoss(actor, this.#nodes, this.#workers);
    if (reason !== undefined) void this.#revert(actor, reason);
  }

  /** A node told its whole inventory: what it does not run is lost, what nobody wants is ended. */
  checkNode({ name }: NodeSession): void {
    for (const actor of this.#actors.all()) if (actor.assignment?.node === name) this.check(actor);
    for (const worker of this.#workers.all()) if (worker.node === name) this.#checkWorker(worker);
  }

  #checkWorker(worker: WorkerRecord | undefined): void {
    if (!worker) return;
    const actor = this.#actors.onWorker(worker.uid);
    if (actor) this.check(actor);
    else if (worker.state === "executing") void this.#endStray(worker);
  }

  async #revert(actor: ActorRecord, reason: string): Promise<void> {
    this.#log.warn({ actor: displayName(actor), worker: actor.assignment?.workerUid, reason }, "worker lost");
    try {
      await this.#actors.change(actor, { kind: "lose-worker", operation: newRevert(reason) });
    } catch (error) {
      // Whoever changed it meanwhile is followed by another check.
      if (!isRefusal(error, "stale", "not-found", "not-allowed")) {
        this.#log.error({ err: error, actor: displayName(actor) }, "revert not begun");
      }
    }
  }

  async #endStray(worker: WorkerRecord): Promise<void> {
    const key = `${worker.uid}/${worker.generation}`;
    const session = this.#nodes.find(worker.node);
    if (!session || this.#ending.has(key)) return;
    this.#ending.add(key);
    try {
      if (!(await session.client.offersNode())) return;
      const request = { workerUid: worker.uid, generation: BigInt(worker.generation) };
      await session.client.node.endWorkload(request, { timeoutMs: endTimeoutMs });
    } catch (error) {
      const { code, rawMessage } = ConnectError.from(error);
      this.#log.warn({ worker: worker.uid, code, error: rawMessage }, "stray workload not ended");
    } finally {
      this.#ending.delete(key);
    }
  }
}
