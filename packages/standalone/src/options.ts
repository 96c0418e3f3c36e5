import { resolve } from "node:path";
import { InvalidInput, validateSnapshotUriPrefix } from "@agent-substrate/contract";
import { type OptionSpec, type OptionValues, parseOption } from "@agent-substrate/process-kit";
import { dataFolderFault } from "./up/data-folder.ts";

/** Where a server listens; port 0 takes any free one. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const listenSpec = (help: string, env: string, port: number): OptionSpec<HostPort> => ({
  help,
  env,
  default: { host: "127.0.0.1", port },
  parse: loopbackHostPort,
});

/** What one node supervisor runs at most of a pool. */
const workersMax = 256;

/** What `up` and `demo` both take. */
const shared = {
  workers: {
    help: `workers of the built-in pool, 0..${workersMax} (default: 2)`,
    env: "SUBSTRATE_WORKERS",
    default: 2,
    parse: parseOption.integer(0, workersMax),
  },
  runsc: {
    help: "gVisor's runsc; the launcher finds or builds it",
    env: "SUBSTRATE_RUNSC",
    parse: parseOption.absolutePath,
  },
  store: {
    help: "sqlite:PATH (default: in the data folder)",
    env: "SUBSTRATE_STORE",
    default: undefined as string | undefined,
    parse: storePath,
  },
  snapshots: {
    help: "where suspended actors lie, file:///DIR (default: in the data folder)",
    env: "SUBSTRATE_SNAPSHOTS",
    default: undefined as string | undefined,
    parse: snapshotsLocation,
  },
};

export const upOptionSpecs = {
  data: {
    help: "folder of all state of this machine",
    env: "SUBSTRATE_DATA",
    default: "/var/lib/substrate",
    parse: parseDataFolder,
  },
  listen: listenSpec("address of the API", "SUBSTRATE_LISTEN", 7070),
  router: listenSpec("address of the router", "SUBSTRATE_ROUTER", 7080),
  ...shared,
  staticNodes: {
    help: "YAML file of nodes on other machines that do not register (default: none)",
    env: "SUBSTRATE_STATIC_NODES",
    default: undefined as string | undefined,
    parse: (text: string) => resolve(text),
  },
};

/** A demo takes any free ports and a temporary data folder where nothing else is said. */
export const demoOptionSpecs = {
  data: { ...upOptionSpecs.data, default: undefined as string | undefined },
  listen: listenSpec("address of the API", "SUBSTRATE_LISTEN", 0),
  router: listenSpec("address of the router", "SUBSTRATE_ROUTER", 0),
  ...shared,
};

/** Absolute, and short enough for the sockets below it. */
function parseDataFolder(text: string): string {
  const root = resolve(text);
  const fault = dataFolderFault(root);
  if (fault) throw new Error(`${JSON.stringify(root)} ${fault}`);
  return root;
}

/** The API trusts who is on this machine; other addresses come with authentication. */
function loopbackHostPort(text: string): HostPort {
  const address = parseOption.hostPort(text);
  if (!/^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(address.host)) {
    throw new Error(`${JSON.stringify(text)} should be a loopback address, such as 127.0.0.1:7070`);
  }
  return address;
}

function storePath(text: string): string {
  const path = /^sqlite:(\/.+)$/.exec(text)?.[1];
  if (path === undefined) throw new Error(`${JSON.stringify(text)} should be sqlite:/absolute/path`);
  return path;
}

function snapshotsLocation(text: string): string {
  try {
    const location = validateSnapshotUriPrefix("location", text);
    if (location.startsWith("file://")) return location;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
  }
  throw new Error(`${JSON.stringify(text)} should be file:///absolute/folder`);
}

export type UpOptions = OptionValues<typeof upOptionSpecs>;
export type DemoOptions = OptionValues<typeof demoOptionSpecs> & { readonly keep: boolean };
