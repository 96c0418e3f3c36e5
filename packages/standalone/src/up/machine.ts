// One machine from start to end:
//
//   lock the data folder -> servers -> built-in resources -> workers there -> ready
//   stop: router -> suspend what runs -> node supervisor -> control plane -> lock
import { createSubstrateClient, type SubstrateClient } from "@agent-substrate/sdk";
import type { Console } from "../console.ts";
import type { HostPort } from "../options.ts";
import { applyBuiltInResources } from "./apply-built-in-resources.ts";
import { checkRuntime } from "./check-runtime.ts";
import type { DataFolder } from "./data-folder.ts";
import { lockDataFolder } from "./data-folder-lock.ts";
import { waitForSilence } from "./former-life.ts";
import { prepareDataFolder } from "./prepare-data-folder.ts";
import { removeRunningFacts, writeRunningFacts } from "./running-facts.ts";
import { type Servers, startServers } from "./start-servers.ts";
import { suspendActors } from "./suspend-actors.ts";
import { waitForWorkers } from "./wait-for-workers.ts";

export interface MachineOptions {
  readonly folder: DataFolder;
  readonly console: Console;
  readonly listen: HostPort;
  readonly router: HostPort;
  readonly workers: number;
  /** Absolute path of gVisor's runsc. */
  readonly runsc: string;
  /** Default: in the data folder. */
  readonly store: string | undefined;
  readonly snapshots: string | undefined;
  /** Absolute path of a file of nodes that do not register. Default none. */
  readonly staticNodes?: string | undefined;
}

export interface Machine {
  /** `host:port` */
  readonly apiAddress: string;
  readonly routerAddress: string;
  readonly client: SubstrateClient;
  /**
   * Suspends what runs and ends everything. Once `hurry` aborts nothing is suspended any more: such actors go
   * back to their last snapshot at the next start. Idempotent.
   */
  stop(hurry: AbortSignal): Promise<void>;
  /** KILL to all servers; what they leave is removed by the next start. */
  kill(): void;
}

/** How long the servers of a killed `up` may take to end. */
const formerLifeMs = 40_000;
const suspendMs = 60_000;

export async function startMachine(options: MachineOptions, signal: AbortSignal): Promise<Machine> {
  const { folder, console } = options;
  await checkRuntime(options.runsc);
  await checkStaticNodes(options.staticNodes);
  await using held = new AsyncDisposableStack();
  await prepareDataFolder(folder);
  held.use(await lockDataFolder(folder));
  const patience = AbortSignal.any([signal, AbortSignal.timeout(formerLifeMs)]);
  await Promise.all([folder.controlSocket, folder.nodeSocket].map((path) => waitForSilence(path, patience)));

  const store = options.store ?? folder.store;
  const snapshots = options.snapshots ?? `file://${folder.snapshots}`;
  const servers = await startServers({ ...options, store, snapshots }, signal);
  held.defer(() => servers.stop());
  const client = createSubstrateClient({ endpoint: `unix:${folder.controlSocket}` });
  held.defer(() => client.close());
  await applyBuiltInResources(client, options, signal);
  await waitForWorkers(client, options.workers, signal);
  const { apiAddress, routerAddress } = servers;
  await writeRunningFacts(folder.facts, { pid: process.pid, apiAddress, routerAddress });
  held.defer(() => removeRunningFacts(folder.facts));

  const rest = held.move();
  let stopped: Promise<void> | undefined;
  return {
    apiAddress,
    routerAddress,
    client,
    stop: (hurry) => {
      stopped ??= stopMachine(servers, client, console, hurry).then(() => rest.disposeAsync());
      return stopped;
    },
    kill: () => servers.kill(),
  };
}

/** So that what is wrong in the file is told before anything starts; the control plane reads it itself. */
async function checkStaticNodes(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const { readStaticNodes } = await import("@agent-substrate/ateapi");
  readStaticNodes(file);
}

/** No new wakes, then no running actors. */
async function stopMachine(
  servers: Servers,
  client: SubstrateClient,
  console: Console,
  hurry: AbortSignal,
): Promise<void> {
  await servers.router.stop();
  if (hurry.aborted) return;
  const limit = AbortSignal.any([hurry, AbortSignal.timeout(suspendMs)]);
  const progress = (done: number, all: number) => console.say(`suspended ${done} of ${all} actors`);
  try {
    const report = await suspendActors(client, progress, limit);
    for (const { actor, reason } of report.failed) console.say(`${actor} was not suspended: ${reason}`);
  } catch (error) {
    if (!hurry.aborted) console.say(`actors were not suspended: ${(error as Error).message}`);
  }
}
