// Keeps one pool's workers as many as wanted, made by the newest definition. A process that dies is
// started again after a growing wait. A worker that executes an actor is left to it; it goes when it
// is free.
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { type Backoff, createBackoff } from "@agent-substrate/process-kit";
import { describeMissingWorker, describeWorker, type InventoryWorker } from "./inventory.ts";
import { type PoolDefinition, poolFingerprint } from "./pool-definition.ts";
import type { LostWorkload, Worker } from "./worker.ts";
import { WorkerGroup, type WorkerSurroundings } from "./worker-group.ts";

const stableMs = 60_000;

export class PoolWorkers {
  readonly events = new EventEmitter<{ changed: []; lost: [LostWorkload] }>();
  readonly #around: WorkerSurroundings;
  readonly #groups = new Set<WorkerGroup>();
  readonly #backoff: Backoff = createBackoff({ minMs: 500, maxMs: 30_000 });
  #definition: PoolDefinition;
  #failure: { readonly uid: string; readonly reason: string } | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(definition: PoolDefinition, around: WorkerSurroundings) {
    this.#definition = definition;
    this.#around = around;
    this.#reconcile();
  }

  /** Workers that may be used. */
  get workers(): Worker[] {
    return [...this.#groups].flatMap((group) => group.workers.filter((worker) => !group.retired.has(worker)));
  }

  /** Nothing is left of a pool that nobody wants. */
  get isDone(): boolean {
    return this.#groups.size === 0 && this.#definition.replicas === 0;
  }

  update(definition: PoolDefinition): void {
    if (poolFingerprint(definition) !== poolFingerprint(this.#definition)) this.#forgetFailure();
    this.#definition = definition;
    this.#reconcile();
  }

  /** Wants no workers any more. */
  dissolve(): void {
    this.update({ ...this.#definition, replicas: 0 });
  }

  describe(): InventoryWorker[] {
    const present = this.workers.map(describeWorker);
    if (!this.#failure || present.length >= this.#definition.replicas) return present;
    return [...present, describeMissingWorker(this.#failure.uid, this.#definition, this.#failure.reason)];
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#retry);
    await Promise.all([...this.#groups].map((group) => this.#stopGroup(group)));
  }

  #reconcile(): void {
    if (this.#stopping) return;
    const wanted = this.#definition.replicas;
    const fingerprint = poolFingerprint(this.#definition);
    const groups = [...this.#groups].filter((group) => !group.isUnwanted);
    for (const group of groups) {
      if (group.fingerprint !== fingerprint) this.#retire(group, group.workers.length);
    }
    let missing = wanted - this.#usable(fingerprint);
    for (const group of groups) {
      if (group.fingerprint !== fingerprint) continue;
      if (missing > 0) missing -= this.#takeBack(group, missing);
      if (missing < 0) missing += this.#retire(group, -missing);
    }
    for (const group of groups) {
      // A process that has not made its workers yet is full of them to be.
      const isIdle = group.workers.length > 0 && group.workers.every((worker) => group.retired.has(worker));
      if (isIdle) void this.#stopGroup(group);
    }
    if (this.#retry) return;
    for (; missing > 0; missing -= this.#definition.workersPerProcess) {
      this.#start(Math.min(missing, this.#definition.workersPerProcess));
    }
  }

  #usable(fingerprint: string): number {
    let count = 0;
    for (const group of this.#groups) {
      if (group.fingerprint !== fingerprint || group.isUnwanted) continue;
      count += group.size - group.retired.size;
    }
    return count;
  }

  #takeBack(group: WorkerGroup, most: number): number {
    const back = [...group.retired].slice(0, most);
    for (const worker of back) group.retired.delete(worker);
    return back.length;
  }

  #retire(group: WorkerGroup, most: number): number {
    const free = group.workers.filter(
      (worker) => worker.state.kind !== "executing" && !group.retired.has(worker),
    );
    const going = free.reverse().slice(0, most);
    for (const worker of going) group.retired.add(worker);
    return going.length;
  }

  #start(count: number): void {
    const startedAt = performance.now();
    const group = new WorkerGroup(this.#definition, count, this.#around, (worker) => this.#follow(worker));
    this.#groups.add(group);
    group.opened.then(
      () => {
        // Another process may have failed meanwhile: its turn comes, and until then its failure is shown.
        if (!this.#retry) this.#failure = undefined;
        this.#changed();
      },
      () => undefined,
    );
    group.events.once("ended", (reason) => {
      this.#groups.delete(group);
      if (!group.isUnwanted && !this.#stopping) {
        if (performance.now() - startedAt >= stableMs) this.#backoff.reset();
        this.#waitAfter(reason);
      }
      this.#changed();
    });
  }

  #waitAfter(reason: string): void {
    if (this.#failure?.reason !== reason) this.#around.onFailure(this.#definition, reason);
    this.#failure = { uid: this.#failure?.uid ?? randomUUID(), reason };
    if (this.#retry) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#reconcile();
    }, this.#backoff.next());
  }

  #forgetFailure(): void {
    this.#failure = undefined;
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #follow(worker: Worker): void {
    worker.events.on("changed", () => this.#changed());
    worker.events.on("lost", (lost) => this.events.emit("lost", lost));
    this.#changed();
  }

  #changed(): void {
    this.#reconcile();
    this.events.emit("changed");
  }

  async #stopGroup(group: WorkerGroup): Promise<void> {
    if (!this.#groups.has(group)) return;
    await group.end();
  }
}
