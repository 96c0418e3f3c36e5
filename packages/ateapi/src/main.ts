// The control plane as a process of its own.
import {
  announceReady,
  createLogger,
  guardParent,
  OptionError,
  parseOption,
  resolveOptions,
  runUntilSignal,
} from "@agent-substrate/process-kit";
import { readStaticNodes } from "./nodes/static/read-static-nodes.ts";
import { startAteapi } from "./start-ateapi.ts";

const defaultDataDir = "/var/lib/substrate/ateapi";

const specs = {
  dataDir: {
    help: "folder for the token and the store",
    env: "ATEAPI_DATA_DIR",
    default: defaultDataDir,
    parse: parseOption.absolutePath,
  },
  listen: {
    help: "the public API, host:port",
    env: "ATEAPI_LISTEN",
    default: { host: "127.0.0.1", port: 7070 },
    parse: parseOption.hostPort,
  },
  controlSocket: {
    help: "the socket for nodes and routers, an absolute path",
    env: "ATEAPI_CONTROL_SOCKET",
    default: "/var/lib/substrate/run/control.sock",
    parse: parseOption.absolutePath,
  },
  store: {
    help: "sqlite:PATH or an absolute path; empty: in the data folder",
    env: "ATEAPI_STORE",
    default: undefined,
    parse: parseStore,
  },
  snapshots: {
    help: "where snapshots are stored, such as file:///var/lib/substrate/snapshots",
    env: "ATEAPI_SNAPSHOTS",
    default: "file:///var/lib/substrate/snapshots",
    parse: parseOption.text,
  },
  ownerUid: {
    help: "user that may call the public API beside root; empty: who starts this",
    env: "ATEAPI_OWNER_UID",
    default: undefined,
    parse: (text: string) => (text === "" ? undefined : parseOption.integer(0, 2 ** 32 - 2)(text)),
  },
  user: {
    help: "uid:gid to become once everything is open; empty: stays",
    env: "ATEAPI_USER",
    default: undefined,
    parse: parseUser,
  },
  staticNodes: {
    help: "YAML file of the nodes that do not register; empty: none",
    env: "ATEAPI_STATIC_NODES",
    default: undefined,
    parse: (text: string) => (text === "" ? undefined : readStaticNodes(text)),
  },
  debugClear: {
    help: "serve DebugClear, which removes every actor",
    env: "ATEAPI_DEBUG_CLEAR",
    default: false,
    parse: parseOption.flag,
  },
  parentPidGuard: {
    help: "end when stdin ends, which is when the parent has died",
    env: "ATEAPI_PARENT_PID_GUARD",
    default: false,
    parse: parseOption.flag,
  },
  logLevel: { help: "level of the log", env: "ATEAPI_LOG_LEVEL", default: "info", parse: parseOption.text },
};

function parseStore(text: string): string | undefined {
  if (text === "") return undefined;
  const path = text.startsWith("sqlite:") ? text.slice("sqlite:".length) : text;
  if (!path.startsWith("/")) throw new Error(`${JSON.stringify(text)} should be sqlite:/absolute/path`);
  return path;
}

function parseUser(text: string): { uid: number; gid: number } | undefined {
  if (text === "") return undefined;
  const match = /^(\d{1,10}):(\d{1,10})$/.exec(text);
  if (!match) throw new Error(`${JSON.stringify(text)} should be uid:gid, in numbers`);
  return { uid: Number(match[1]), gid: Number(match[2]) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function main(): Promise<void> {
  const { user, store, snapshots, ownerUid, staticNodes, parentPidGuard, logLevel, ...options } =
    resolveOptions(specs, process.argv.slice(2), process.env);
  const log = createLogger("ateapi", logLevel);
  const guard = parentPidGuard ? { parentGone: guardParent() } : {};
  await runUntilSignal(async (stopping) => {
    await using running = await startAteapi({
      ...options,
      snapshotsLocation: snapshots,
      ...(store !== undefined && { storePath: store }),
      ...(ownerUid !== undefined && { ownerUid }),
      ...(user && { dropTo: user }),
      ...(staticNodes && { staticNodes }),
      log,
    });
    log.info({ host: running.host, port: running.port, control: running.controlAddress }, "serving");
    announceReady({ host: running.host, port: running.port });
    await Promise.race([aborted(stopping), running.failed]);
    log.info({ reason: String(stopping.reason) }, "stopping");
  }, guard);
}

main().catch((error: unknown) => {
  if (error instanceof OptionError) process.stderr.write(`ateapi: ${error.message}\n`);
  else createLogger("ateapi").fatal({ err: error }, "failed");
  process.exitCode = 1;
});
