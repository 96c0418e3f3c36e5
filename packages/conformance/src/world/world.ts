// Everything that a node is to a back end, for one run of the suite. Workers are lent to items and come
// back available; one of which that is not sure is ended with its process instead.
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contractPaths, defaultBasePath } from "@agent-substrate/contract";
import { writeProbeImage } from "../probe/probe-image.ts";
import { placeAssets } from "./assets.ts";
import { type BackEndProcess, startBackEndProcess } from "./back-end-process.ts";
import { type Declaration, readDeclaration } from "./declaration.ts";
import { makeNodeNetwork, type NodeNetwork, type WorkerPlace } from "./node-network.ts";
import { type Outside, startOutside } from "./outside.ts";
import { runCommand } from "./run-command.ts";
import type { Settings } from "./settings.ts";
import { openWorker, type Worker, type WorkerWorld } from "./worker.ts";

export interface World extends AsyncDisposable {
  readonly settings: Settings;
  readonly shared: WorkerWorld;
  readonly declaration: Declaration;
  /** Absent where the back end was already running. */
  readonly outside: Outside | undefined;
  /** An available worker that nobody else uses until `giveBack`. */
  lend(): Promise<Worker>;
  giveBack(worker: Worker): Promise<void>;
  /** Workers of one process of the caller's own. Default: as many as the settings say. */
  start(count?: number): Promise<Worker[]>;
  /** A process for workers that were there before. */
  restart(workers: readonly Worker[]): Promise<Worker[]>;
  /** Ends the process and forgets its workers. */
  end(workers: readonly Worker[]): Promise<void>;
}

/** Makes the world and asks the back end what it can do. */
export async function createWorld(settings: Settings): Promise<World> {
  await using made = new AsyncDisposableStack();
  const { backEnd, folder } = settings;
  const paths = contractPaths(backEnd.kind === "socket" ? backEnd.basePath : join(folder, "base"));
  await mkdir(paths.basePath, { recursive: true, mode: 0o755 });
  const isOwnNode = backEnd.kind === "command";
  const { network, outside } = isOwnNode ? await openNetwork(made) : {};
  const own = await mkdtemp(join(folder, "run-"));
  const place = {
    image: join(own, "image"),
    resolvConf: join(own, "resolv.conf"),
    seenPaths: settings.isFixedBasePath ? contractPaths(defaultBasePath) : paths,
  };
  await Promise.all([writeProbeImage(place.image), writeFile(place.resolvConf, "nameserver 169.254.17.1\n")]);
  const snapshotsFolder = join(own, "snapshots");
  const assets = await placeAssets(settings.assets, paths);
  // Until the back end has said what it can do.
  const unknown: WorkerWorld = { paths, place, snapshotsFolder, assets, mainScope: "full" };

  const free: Worker[] = [];
  const processes = new Set<BackEndProcess>();
  made.defer(async () => {
    for (const process of processes) await process.kill();
  });
  const startFor = async (places: readonly WorkerPlace[], world: WorkerWorld): Promise<Worker[]> => {
    const process = await startBackEndProcess(
      settings,
      paths,
      places.map(({ uid }) => uid),
    );
    processes.add(process);
    return places.map(({ uid, address, nodeAddress }) =>
      openWorker({ uid, address, nodeAddress }, process, world),
    );
  };
  const addPlaces = async (count: number) => {
    if (!network) throw new Error("a back end that is already running has one worker");
    const places: WorkerPlace[] = [];
    for (let added = 0; added < count; added++) places.push(await network.addWorker());
    return places;
  };

  if (backEnd.kind === "socket") {
    free.push(
      openWorker({ uid: backEnd.uid, address: backEnd.workerAddress, nodeAddress: "" }, undefined, unknown),
    );
  } else free.push(...(await startFor(await addPlaces(settings.workersPerProcess), unknown)));
  const declaration = await readDeclaration(free[0] as Worker, settings);
  const shared: WorkerWorld = { ...unknown, mainScope: declaration.mainScope };
  const reopen = (worker: Worker) => {
    worker[Symbol.dispose]();
    return openWorker(worker, worker.process, shared);
  };
  free.splice(0, free.length, ...free.map(reopen));

  const end = async (workers: readonly Worker[]) => {
    for (const worker of workers) {
      worker[Symbol.dispose]();
      if (worker.process) {
        await worker.process.kill();
        processes.delete(worker.process);
      }
    }
  };
  const lifetime = made.move();
  return {
    settings,
    shared,
    declaration,
    outside,
    async lend() {
      const worker = free.pop();
      if (worker) return worker;
      const [first, ...others] = await startFor(await addPlaces(settings.workersPerProcess), shared);
      free.push(...others);
      return first as Worker;
    },
    async giveBack(worker) {
      if (await isMadeAvailable(worker)) free.push(worker);
      else if (worker.process) await end([worker]);
      else {
        // It cannot be started anew; whatever it does not forget is the next item's.
        await worker.extensions.terminate({}, { timeoutMs: 20_000 }).catch(() => undefined);
        free.push(reopen(worker));
      }
    },
    start: async (count = settings.workersPerProcess) => startFor(await addPlaces(count), shared),
    async restart(workers) {
      for (const worker of workers) worker[Symbol.dispose]();
      return startFor(workers, shared);
    },
    end,
    [Symbol.asyncDispose]: () => lifetime.disposeAsync(),
  };
}

async function openNetwork(
  made: AsyncDisposableStack,
): Promise<{ network?: NodeNetwork; outside?: Outside }> {
  // Named namespaces of this run alone: they end with the mount namespace of this process.
  await runCommand(["mkdir", "-p", "/run/netns"]);
  await runCommand(["mount", "-t", "tmpfs", "tmpfs", "/run/netns"]);
  const network = await makeNodeNetwork();
  return { network, outside: made.use(await startOutside()) };
}

/** What an item left running is ended by the only call of the base contract that ends something. */
async function isMadeAvailable(worker: Worker): Promise<boolean> {
  if (worker.process && (worker.isTainted || worker.process.hasEnded)) return false;
  if (!worker.executing) return !worker.isTainted;
  return worker.checkpoint().then(
    () => true,
    () => false,
  );
}
