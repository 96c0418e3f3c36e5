import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "../expect.ts";
import { NotRun } from "../violation.ts";
import { type Actor, type ActorOptions, createActor } from "./actor.ts";
import type { BackEndProcess } from "./back-end-process.ts";
import type { Declaration } from "./declaration.ts";
import type { Outside } from "./outside.ts";
import type { Random } from "./random.ts";
import type { SnapshotScope } from "./scope.ts";
import type { Settings } from "./settings.ts";
import { copySnapshot, type Snapshot } from "./snapshot.ts";
import type { Worker, WorkerWorld } from "./worker.ts";
import type { World } from "./world.ts";

/** A worker whose process belongs to the item. */
export interface OwnWorker extends Worker {
  readonly process: BackEndProcess;
}

/** What one item works with. What it takes from here is released after it, whatever way it ends. */
export interface Bench {
  readonly settings: Settings;
  readonly declaration: Declaration;
  readonly shared: WorkerWorld;
  /** The scope for items to which one is as good as another. */
  readonly scope: SnapshotScope;
  /** Aborts when the item's time is over. */
  readonly signal: AbortSignal;
  readonly random: Random;
  /** An available worker; two of them are two workers. */
  worker(): Promise<Worker>;
  /** Workers in a process that nobody else uses and that the item may end. */
  ownWorkers(count?: number): Promise<OwnWorker[]>;
  ownWorker(): Promise<OwnWorker>;
  /** A new process for the same worker. */
  restart(worker: OwnWorker): Promise<OwnWorker>;
  /** With a durable directory where only such are kept. */
  actor(options?: ActorOptions): Actor;
  /** A copy of a snapshot that the item may spoil. */
  copy(snapshot: Snapshot): Promise<Snapshot>;
  /** Removes what is not needed any more, so that many snapshots do not fill the disk. */
  discard(snapshot: Snapshot): Promise<void>;
  /** Called after the item, the last one first. */
  defer(release: () => unknown): void;
  /** Tries until `test` is so. For what ends by itself soon after a call, and tells nobody. */
  eventually(what: string, test: () => Promise<boolean>, timeoutMs?: number): Promise<void>;
  /** A machine outside of the node. Throws `NotRun` where there is none. */
  readonly outside: Outside;
  /** Workers that the item had; for its report. */
  readonly workers: readonly Worker[];
}

export function createBench(world: World, signal: AbortSignal, random: Random) {
  const stack = new AsyncDisposableStack();
  const workers: Worker[] = [];
  const removeSnapshots = async () => {
    if (world.settings.keep) return;
    const taken = workers.flatMap((worker) => worker.snapshots);
    for (const { folder } of taken) await rm(folder, { recursive: true, force: true });
  };
  // Last of all: giving a worker back may take one more.
  stack.defer(removeSnapshots);
  const own = async (started: Promise<Worker[]>): Promise<OwnWorker[]> => {
    const taken = await started;
    workers.push(...taken);
    stack.defer(() => world.end(taken));
    return taken as OwnWorker[];
  };
  const bench: Bench = {
    settings: world.settings,
    declaration: world.declaration,
    shared: world.shared,
    scope: world.declaration.mainScope,
    signal,
    random,
    workers,
    get outside() {
      if (!world.outside)
        throw new NotRun("the machine outside is there only for a back end of the suite's own");
      return world.outside;
    },
    async worker() {
      const worker = await world.lend();
      workers.push(worker);
      stack.defer(() => world.giveBack(worker));
      return worker;
    },
    ownWorkers: (count) => own(world.start(count)),
    ownWorker: async () => (await own(world.start(1)))[0] as OwnWorker,
    restart: async (worker) => (await own(world.restart([worker])))[0] as OwnWorker,
    actor: (options = {}) =>
      createActor(world.shared.paths, { isDurable: world.declaration.mainScope === "data", ...options }),
    copy: (snapshot) => copySnapshot(snapshot, join(world.shared.snapshotsFolder, randomUUID())),
    discard: ({ folder }) => rm(folder, { recursive: true, force: true }),
    defer: (release) => stack.defer(async () => void (await release())),
    async eventually(what, test, timeoutMs = 5_000) {
      const deadline = performance.now() + timeoutMs;
      while (!(await test())) {
        signal.throwIfAborted();
        expect(performance.now() < deadline, what);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
  return { bench, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
