// Gives free workers to those who wait. A worker is free when its node says so and no actor's record
// names it; between choosing and binding it is reserved here.
import type { LiveActors } from "../actors/live-actors.ts";
import type { NodeDirectory } from "../nodes/node-directory.ts";
import { tooManyWait } from "../operations/lifecycle-errors.ts";
import type { WorkerDirectory } from "../workers/worker-directory.ts";
import type { WorkerRecord } from "../workers/worker-record.ts";
import { chooseWorker, type Demand } from "./choose-worker.ts";
import { FairQueue } from "./fair-queue.ts";

/** A worker that nobody else gets until `release`, which is harmless after it was bound. */
export interface Reservation extends Disposable {
  readonly worker: WorkerRecord;
}

export interface Waiting {
  readonly atespace: string;
  readonly demand: Demand;
}

/** Told when somebody had to wait, and on each change while somebody waits. */
export type ShortageListener = (waiting: readonly Waiting[]) => void;

interface Waiter extends Waiting {
  give(reservation: Reservation): void;
}

export const defaultQueueLengthMax = 4096;

export class Placement {
  readonly #workers: WorkerDirectory;
  readonly #nodes: NodeDirectory;
  readonly #actors: LiveActors;
  readonly #queue: FairQueue<Waiter>;
  readonly #reserved = new Set<string>();
  #onShortage: ShortageListener = () => undefined;
  #scheduled = false;

  constructor(
    workers: WorkerDirectory,
    nodes: NodeDirectory,
    actors: LiveActors,
    queueLengthMax = defaultQueueLengthMax,
  ) {
    this.#workers = workers;
    this.#nodes = nodes;
    this.#actors = actors;
    this.#queue = new FairQueue(queueLengthMax);
  }

  get queueLength(): number {
    return this.#queue.length;
  }

  onShortage(listener: ShortageListener): void {
    this.#onShortage = listener;
  }

  /**
   * Waits for its turn and a worker until `signal` aborts; rejects with its reason then. UNAVAILABLE at
   * once when too many wait.
   */
  async place(atespace: string, demand: Demand, signal: AbortSignal): Promise<Reservation> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        atespace,
        demand,
        give: (reservation) => {
          signal.removeEventListener("abort", giveUp);
          resolve(reservation);
        },
      };
      const giveUp = () => {
        this.#queue.remove(atespace, waiter);
        reject(signal.reason);
      };
      if (!this.#queue.add(atespace, waiter)) {
        return reject(tooManyWait());
      }
      signal.addEventListener("abort", giveUp, { once: true });
      this.#serve();
    });
  }

  /** Something changed that may free a worker. Changes of one turn are looked at together. */
  reconsider(): void {
    if (this.#scheduled || this.#queue.length === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#serve();
    });
  }

  /** Ready, on a connected node, and nobody's. */
  isFree(worker: WorkerRecord): boolean {
    return (
      worker.state === "available" &&
      !this.#reserved.has(worker.uid) &&
      this.#actors.onWorker(worker.uid) === undefined &&
      this.#nodes.find(worker.node) !== undefined
    );
  }

  #serve(): void {
    let free = this.#workers.all().filter((worker) => this.isFree(worker));
    for (const waiter of this.#queue.inOrder()) {
      if (free.length === 0) break;
      const worker = chooseWorker(free, waiter.demand);
      if (!worker) continue;
      free = free.filter(({ uid }) => uid !== worker.uid);
      this.#queue.serve(waiter.atespace, waiter);
      waiter.give(this.#reserve(worker));
    }
    if (this.#queue.length > 0) this.#onShortage(this.#queue.inOrder());
  }

  #reserve(worker: WorkerRecord): Reservation {
    this.#reserved.add(worker.uid);
    return {
      worker,
      [Symbol.dispose]: () => {
        if (this.#reserved.delete(worker.uid)) this.reconsider();
      },
    };
  }
}
