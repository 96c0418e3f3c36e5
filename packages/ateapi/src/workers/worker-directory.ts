import { nodes } from "@agent-substrate/contract";
import type { WorkerRecord, WorkerState } from "./worker-record.ts";

const states: Readonly<Record<nodes.NodeWorker_State, WorkerState>> = {
  [nodes.NodeWorker_State.UNSPECIFIED]: "starting",
  [nodes.NodeWorker_State.STARTING]: "starting",
  [nodes.NodeWorker_State.AVAILABLE]: "available",
  [nodes.NodeWorker_State.EXECUTING]: "executing",
  [nodes.NodeWorker_State.ENDING]: "ending",
};

/** A workload that ended while nobody asked it to. */
export interface WorkloadLoss {
  readonly generation: number;
  /** For people. */
  readonly reason: string;
}

/** `after` is undefined when the worker is gone. */
export type WorkerListener = (after: WorkerRecord | undefined, before: WorkerRecord | undefined) => void;

/** The workers of all nodes that hold a lease. Which actor has which worker is in the actors' records. */
export class WorkerDirectory {
  readonly #workers = new Map<string, WorkerRecord>();
  readonly #losses = new Map<string, WorkloadLoss>();
  /** Why a worker is `unknown`; kept while its node is away. */
  readonly #doubts = new Map<string, string>();
  /** What was last told of a worker that is `unknown` meanwhile. */
  readonly #toldStates = new Map<string, WorkerState>();
  readonly #listeners: WorkerListener[] = [];
  readonly #awaited = new Set<(uid: string) => void>();

  onChange(listener: WorkerListener): void {
    this.#listeners.push(listener);
  }

  get(uid: string): WorkerRecord | undefined {
    return this.#workers.get(uid);
  }

  all(): WorkerRecord[] {
    return [...this.#workers.values()];
  }

  /** Takes a node's whole inventory. `listed`: not from the node itself. */
  replaceNode(
    nodeName: string,
    inventory: readonly nodes.NodeWorker[],
    source: "reported" | "listed" = "reported",
  ): void {
    const listed = new Set(inventory.map(({ uid }) => uid));
    for (const worker of this.all()) {
      if (worker.node === nodeName && !listed.has(worker.uid)) this.#remove(worker);
    }
    for (const reported of inventory) this.#report(nodeName, reported, source === "listed");
  }

  removeNode(nodeName: string): void {
    this.replaceNode(nodeName, []);
  }

  /** Its node said that its workload ended by itself. Kept until the worker is gone or tells of another. */
  reportLoss(uid: string, loss: WorkloadLoss): void {
    if (!this.#workers.has(uid)) return;
    this.#losses.set(uid, loss);
    this.#wake(uid);
  }

  lossOf(uid: string): WorkloadLoss | undefined {
    return this.#losses.get(uid);
  }

  /** It may run something that nobody knows of: `unknown` until `trust`. */
  doubt(uid: string, reason: string): void {
    this.#doubts.set(uid, reason);
    const told = this.#workers.get(uid)?.state;
    if (told && told !== "unknown") this.#toldStates.set(uid, told);
    this.#change(uid, { state: "unknown", message: reason });
  }

  /** It is known to be blank. */
  trust(uid: string): void {
    if (!this.#doubts.delete(uid)) return;
    this.#change(uid, { state: this.#toldStates.get(uid) ?? "available", message: "" });
    this.#toldStates.delete(uid);
  }

  /** Waits until a worker's node tells something new of it, at most `atMostMs`. */
  async nextReport(uid: string, atMostMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#workers.has(uid) || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#awaited.delete(wake);
        resolve();
      };
      const wake = (reported: string) => {
        if (reported === uid) done();
      };
      const timer = setTimeout(done, atMostMs);
      signal.addEventListener("abort", done, { once: true });
      this.#awaited.add(wake);
    });
  }

  /** The worker has no actor from now on. */
  markFree(uid: string): void {
    const worker = this.#workers.get(uid);
    if (worker) this.#workers.set(uid, { ...worker, freeSince: performance.now() });
  }

  #change(uid: string, fields: Pick<WorkerRecord, "state" | "message">): void {
    const before = this.#workers.get(uid);
    if (!before) return;
    const after = { ...before, ...fields, version: before.version + 1 };
    this.#workers.set(uid, after);
    this.#tell(after, before);
  }

  #report(nodeName: string, reported: nodes.NodeWorker, isListed: boolean): void {
    const before = this.#workers.get(reported.uid);
    const told = states[reported.state] ?? "starting";
    const doubt = this.#doubts.get(reported.uid);
    if (doubt !== undefined) this.#toldStates.set(reported.uid, told);
    const after: WorkerRecord = {
      uid: reported.uid,
      node: nodeName,
      poolNamespace: reported.poolNamespace,
      poolName: reported.poolName,
      podName: reported.podName,
      sandboxClass: reported.sandboxClass,
      address: reported.address,
      state: doubt === undefined ? told : "unknown",
      isListed,
      bootId: reported.bootId,
      hardwareKey: reported.hardwareKey,
      generation: Number(reported.generation),
      actorAtespace: reported.actorAtespace,
      actorId: reported.actorId,
      message: doubt ?? reported.message,
      version: (before?.version ?? 0) + 1,
      freeSince: before?.freeSince ?? performance.now(),
    };
    if (before && JSON.stringify({ ...before, version: 0 }) === JSON.stringify({ ...after, version: 0 }))
      return;
    this.#workers.set(after.uid, after);
    this.#tell(after, before);
  }

  #remove(worker: WorkerRecord): void {
    this.#workers.delete(worker.uid);
    this.#losses.delete(worker.uid);
    this.#tell(undefined, worker);
  }

  #tell(after: WorkerRecord | undefined, before: WorkerRecord | undefined): void {
    for (const listener of this.#listeners) listener(after, before);
    this.#wake((after ?? before)?.uid ?? "");
  }

  #wake(uid: string): void {
    for (const wake of [...this.#awaited]) wake(uid);
  }
}
