// The processes of one machine, in the order in which they need each other:
//
//   ateapi   public API and control socket
//   atelet   dials the control socket; starts the workers (tini reaps what their sandboxes leave)
//   atenet   dials the control socket; public router
//
// They end the other way round, and each ends by itself when this process dies (its stdin closes).
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import type { Console } from "../console.ts";
import type { HostPort } from "../options.ts";
import type { DataFolder } from "./data-folder.ts";
import {
  controlPlaneCommand,
  formatHostPort,
  nodeSupervisorCommand,
  routerCommand,
  type ServerSettings,
} from "./server-commands.ts";
import { type Server, startServer } from "./start-server.ts";
import { ownerUid, unprivilegedUser } from "./unprivileged-user.ts";

export interface ServersOptions {
  readonly folder: DataFolder;
  readonly listen: HostPort;
  readonly router: HostPort;
  readonly store: string;
  readonly snapshots: string;
  readonly staticNodes?: string | undefined;
  readonly console: Console;
}

export interface Servers {
  /** `host:port` */
  readonly apiAddress: string;
  readonly routerAddress: string;
  readonly controlPlane: Server;
  readonly nodeSupervisor: Server;
  readonly router: Server;
  /** Router, node supervisor, control plane, one after the other. Idempotent. */
  stop(): Promise<void>;
  /** KILL to all. Leaves sandboxes and network behind for the next start to remove. */
  kill(): void;
}

/** Removing the namespaces and ending the sandboxes of many workers takes its time. */
const termTimeoutMs = { ateapi: 15_000, atelet: 45_000, atenet: 15_000 };

export async function startServers(options: ServersOptions, signal: AbortSignal): Promise<Servers> {
  const { folder, console } = options;
  const settings: ServerSettings = {
    folder,
    user: await unprivilegedUser(),
    ownerUid: ownerUid(process.env),
    store: options.store,
    snapshots: options.snapshots,
    staticNodes: options.staticNodes,
    nodeName: nodeName(hostname()),
  };
  await mkdir(folder.node, { recursive: true, mode: 0o711 });
  await using started = new AsyncDisposableStack();
  const start = async (
    name: Server["name"] & keyof typeof termTimeoutMs,
    command: (address: HostPort | undefined) => readonly [string, ...string[]],
  ) => {
    const server = await startServer(
      { name, command, console, logFolder: folder.log, termTimeoutMs: termTimeoutMs[name] },
      signal,
    );
    started.defer(() => server.stop());
    return server;
  };
  const controlPlane = await start("ateapi", (address) =>
    controlPlaneCommand(settings, address ?? options.listen),
  );
  const nodeSupervisor = await start("atelet", () => nodeSupervisorCommand(settings));
  const router = await start("atenet", (address) => routerCommand(settings, address ?? options.router));
  const all = started.move();
  return {
    apiAddress: formatHostPort(addressOf(controlPlane)),
    routerAddress: formatHostPort(addressOf(router)),
    controlPlane,
    nodeSupervisor,
    router,
    stop: () => all.disposeAsync(),
    kill: () => {
      for (const server of [router, nodeSupervisor, controlPlane]) server.kill();
    },
  };
}

function addressOf(server: Server): HostPort {
  if (!server.address) throw new Error(`${server.name} did not say where it listens`);
  return server.address;
}

/** A DNS subdomain, whatever people call their machines. */
export function nodeName(host: string): string {
  const name = host
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .split(".")
    .map((label) => label.replace(/^-+|-+$/g, "").slice(0, 63))
    .filter(Boolean)
    .join(".");
  return name === "" ? "local" : name;
}
