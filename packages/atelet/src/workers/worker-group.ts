// One process of a back end and the workers that it serves. They come and go together.
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { defaultBasePath } from "@agent-substrate/contract";
import type { Assignment } from "../actors/assignment.ts";
import { writeFileDurably } from "../durable-write.ts";
import { type NodeNetwork, removeWorkerNamespaces } from "../network/node-network.ts";
import type { NodePaths } from "../node-paths.ts";
import { awaitBackEnd } from "./await-back-end.ts";
import { createBackEndClient } from "./back-end-client.ts";
import { backEndCommand, backEndEnv } from "./back-end-command.ts";
import { BackEndProcess } from "./back-end-process.ts";
import { type PoolDefinition, poolFingerprint } from "./pool-definition.ts";
import { probeWorkloads } from "./probe-workloads.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { watchWorker } from "./watch-worker.ts";
import { Worker } from "./worker.ts";
import { demandNeeds } from "./worker-needs.ts";

/** What groups of workers work with. */
export interface WorkerSurroundings {
  readonly paths: NodePaths;
  readonly network: Pick<NodeNetwork, "addWorker" | "removeWorker">;
  /** PATH of the processes. */
  readonly path: string;
  /** A line that a back end wrote to its stdout, of one of these workers. */
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly onOutput: (line: string, workers: readonly Worker[]) => Promise<void>;
  /** A line of a back end's own log. */
  readonly onLog: (line: string, group: string) => void;
  /** Workers of a pool cannot be started, or ended by themselves. */
  readonly onFailure: (pool: PoolDefinition, reason: string) => void;
  readonly cleanUp: (assignment: Assignment) => Promise<void>;
}

const openTimeoutMs = 60_000;

/** What is written down of a group, so that a later life of this process finds what it left. */
export interface GroupRecord {
  readonly uids: readonly string[];
  /** Whose end is the end of all of it. */
  readonly process?: ProcessIdentity;
}

export class WorkerGroup {
  /** `ended`: process, namespaces and directories are gone; with the reason. */
  readonly events = new EventEmitter<{ ended: [string] }>();
  readonly id = randomUUID();
  readonly fingerprint: string;
  readonly workers: Worker[] = [];
  /** Workers that nobody may use any more. */
  readonly retired = new Set<Worker>();
  /** Resolves when all workers were open; rejects when they will not be. */
  readonly opened: Promise<void>;
  /** How many workers it has, or will have. */
  readonly size: number;
  readonly #pool: PoolDefinition;
  readonly #around: WorkerSurroundings;
  readonly #ending = new AbortController();
  #process: BackEndProcess | undefined;
  #stopped: Promise<void> | undefined;
  #isUnwanted = false;
  readonly #lived: Promise<void>;

  /** Starts. `onWorker` is told of each worker as it comes into being. */
  constructor(
    pool: PoolDefinition,
    count: number,
    around: WorkerSurroundings,
    onWorker: (worker: Worker) => void,
  ) {
    this.#pool = pool;
    this.#around = around;
    this.size = count;
    this.fingerprint = poolFingerprint(pool);
    this.opened = this.#open(count, onWorker);
    this.opened.catch(() => undefined);
    this.#lived = this.#live();
  }

  /** Whether its end was asked for by `end`. */
  get isUnwanted(): boolean {
    return this.#isUnwanted;
  }

  /** Ends the process and its workers; resolves when nothing of them is left. Idempotent. */
  end(): Promise<void> {
    this.#isUnwanted = true;
    // What runs an actor is told by its process; nobody else shall begin with the others.
    for (const worker of this.workers) if (worker.assignment === undefined) worker.end("it is not wanted");
    void this.#stop();
    return this.#lived;
  }

  async #open(count: number, onWorker: (worker: Worker) => void): Promise<void> {
    const { paths, network, nodeLabels } = this.#around;
    await demandNeeds(this.#pool.needs, nodeLabels);
    const uids = Array.from({ length: count }, () => randomUUID());
    await this.#record({ uids });
    for (const uid of uids) {
      const link = await network.addWorker(uid, this.#pool.egress);
      const { directory, socket } = paths.contract.ateom(uid);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const worker = new Worker({
        uid,
        pool: this.#pool,
        link,
        client: createBackEndClient(socket),
        endProcess: () => this.#kill(),
        cleanUp: this.#around.cleanUp,
      });
      this.workers.push(worker);
      onWorker(worker);
    }
    this.#ending.signal.throwIfAborted();
    // What the private mount covers must exist on the machine.
    if (this.#pool.hasFixedBasePath) await mkdir(defaultBasePath, { recursive: true, mode: 0o700 });
    const process = this.#startProcess(uids);
    // At once: whatever ends this process while they start, its next life finds what runs.
    await this.#recordProcess(uids, await process.identify());
    await this.#awaitWorkers(process);
    await this.#recordProcess(uids, await process.findFirstProcess());
  }

  #startProcess(uids: readonly string[]): BackEndProcess {
    const { paths, path, onOutput, onLog } = this.#around;
    const process = new BackEndProcess({
      command: backEndCommand(this.#pool, paths.basePath, uids),
      env: backEndEnv(this.#pool, paths.basePath, path),
      onOutput: (line) => onOutput(line, this.workers),
      onLog: (line) => onLog(line, this.id),
    });
    this.#process = process;
    return process;
  }

  async #awaitWorkers(process: BackEndProcess): Promise<void> {
    const giveUp = new AbortController();
    const signal = AbortSignal.any([this.#ending.signal, giveUp.signal, AbortSignal.timeout(openTimeoutMs)]);
    const died = process.exited.then((how) => {
      throw new Error(`its back end ${how}`);
    });
    died.catch(() => undefined);
    try {
      await Promise.race([
        died,
        Promise.all(this.workers.map((worker) => this.#awaitWorker(worker, signal))),
      ]);
    } catch (error) {
      const late = error instanceof DOMException && error.name === "TimeoutError";
      throw late ? new Error(`its back end did not answer within ${openTimeoutMs / 1000} s`) : error;
    } finally {
      giveUp.abort();
    }
  }

  async #awaitWorker(worker: Worker, signal: AbortSignal): Promise<void> {
    const { directory } = this.#around.paths.contract.ateom(worker.uid);
    const description = await awaitBackEnd(worker.client, directory, signal);
    if (description && description.sandboxClass !== worker.pool.sandboxClass) {
      throw new Error(
        `its back end is of class ${description.sandboxClass}, but the pool's is ${worker.pool.sandboxClass}`,
      );
    }
    if (worker.pool.workersPerProcess > 1 && !description?.canTerminate) {
      throw new Error(
        "its back end cannot end one workload without the others (it declares no terminate), so its SandboxConfig should have workersPerProcess 1",
      );
    }
    if (!description?.canWatch) probeWorkloads(worker, this.#ending.signal);
    worker.open(description);
    if (description?.canWatch) void watchWorker(worker, this.#ending.signal);
  }

  /** From start to end, whatever ends it. */
  async #live(): Promise<void> {
    let reason: string;
    try {
      await this.opened;
      reason = `its back end ${await this.#process?.exited}`;
    } catch (error) {
      reason = (error as Error).message;
    }
    await this.#stop();
    await this.#cleanUp(reason);
    this.events.emit("ended", reason);
  }

  async #kill(): Promise<void> {
    this.#ending.abort();
    await this.#process?.kill();
    await this.#lived;
  }

  #stop(): Promise<void> {
    this.#ending.abort();
    this.#stopped ??= this.#process?.stop();
    return this.#stopped ?? Promise.resolve();
  }

  /** What cannot be removed is told, and hinders neither the other workers nor the next process. */
  async #cleanUp(reason: string): Promise<void> {
    const assignments = this.workers.map(({ assignment }) => assignment);
    for (const worker of this.workers) worker.end(reason);
    const removed = await Promise.allSettled(
      this.workers.map(async ({ uid }, position) => {
        const { paths, network, cleanUp } = this.#around;
        const assignment = assignments[position];
        if (assignment) await cleanUp(assignment);
        await network.removeWorker(uid);
        await removeWorkerNamespaces(paths, uid);
        await rm(paths.contract.ateom(uid).directory, { recursive: true, force: true });
      }),
    );
    const failed = removed.filter((result) => result.status === "rejected");
    for (const { reason: why } of failed) this.#around.onLog(`not removed: ${String(why)}`, this.id);
    // The record stays where something is left, for the next life of this process.
    if (failed.length === 0) await rm(this.#recordPath(), { force: true });
  }

  async #recordProcess(uids: readonly string[], process: ProcessIdentity | undefined): Promise<void> {
    if (process) await this.#record({ uids, process });
  }

  async #record(record: GroupRecord): Promise<void> {
    await writeFileDurably(this.#recordPath(), JSON.stringify(record));
  }

  #recordPath(): string {
    return join(this.#around.paths.workers, `${this.id}.json`);
  }
}
