// The router as a process of its own.
import {
  announceReady,
  createLogger,
  guardParent,
  OptionError,
  parseOption,
  resolveOptions,
  runUntilSignal,
} from "@agent-substrate/process-kit";
import { defaultOptions } from "./options.ts";
import { startAtenet } from "./start-atenet.ts";

const specs = {
  listen: {
    help: "where clients come, host:port",
    env: "ATENET_LISTEN",
    default: { host: "127.0.0.1", port: 7080 },
    parse: parseOption.hostPort,
  },
  control: {
    help: "the control plane's socket, an absolute path, or unix:/path or host:port",
    env: "ATENET_CONTROL",
    parse: (text: string) => (text.startsWith("/") ? `unix:${text}` : text),
  },
  statusListen: {
    help: "where /metrics and /healthz are served, host:port; empty: nowhere",
    env: "ATENET_STATUS_LISTEN",
    default: undefined,
    parse: (text: string) => (text === "" ? undefined : parseOption.hostPort(text)),
  },
  user: {
    help: "uid:gid to become once it listens; empty: stays",
    env: "ATENET_USER",
    default: undefined,
    parse: parseUser,
  },
  patienceMs: {
    help: "how long a request waits for its actor",
    env: "ATENET_PATIENCE_MS",
    default: defaultOptions.patienceMs as number,
    parse: parseOption.integer(1, 600_000),
  },
  parkedPerActorMax: {
    help: "requests that may wait for one actor",
    env: "ATENET_PARKED_PER_ACTOR_MAX",
    default: defaultOptions.parkedPerActorMax as number,
    parse: parseOption.integer(1, 100_000),
  },
  parkedMax: {
    help: "requests that may wait in all",
    env: "ATENET_PARKED_MAX",
    default: defaultOptions.parkedMax as number,
    parse: parseOption.integer(1, 100_000),
  },
  connectionsMax: {
    help: "connections of clients",
    env: "ATENET_CONNECTIONS_MAX",
    default: defaultOptions.connectionsMax as number,
    parse: parseOption.integer(1, 1_000_000),
  },
  parentPidGuard: {
    help: "end when stdin ends, which is when the parent has died",
    env: "ATENET_PARENT_PID_GUARD",
    default: false,
    parse: parseOption.flag,
  },
  logLevel: { help: "level of the log", env: "ATENET_LOG_LEVEL", default: "info", parse: parseOption.text },
};

function parseUser(text: string): { uid: number; gid: number } | undefined {
  if (text === "") return undefined;
  const match = /^(\d{1,10}):(\d{1,10})$/.exec(text);
  if (!match) throw new Error(`${JSON.stringify(text)} should be uid:gid, in numbers`);
  return { uid: Number(match[1]), gid: Number(match[2]) };
}

async function main(): Promise<void> {
  const { user, statusListen, parentPidGuard, logLevel, ...options } = resolveOptions(
    specs,
    process.argv.slice(2),
    process.env,
  );
  const log = createLogger("atenet", logLevel);
  const guard = parentPidGuard ? { parentGone: guardParent() } : {};
  await runUntilSignal(async (stopping) => {
    await using running = await startAtenet({
      ...options,
      ...(user && { dropTo: user }),
      ...(statusListen && { statusListen }),
      log,
    });
    const { host, port, statusPort } = running;
    log.info({ host, port }, "routing");
    announceReady({ host, port, ...(statusPort !== undefined && { statusPort }) });
    if (!stopping.aborted) {
      await new Promise<void>((resolve) =>
        stopping.addEventListener("abort", () => resolve(), { once: true }),
      );
    }
    log.info({ reason: String(stopping.reason) }, "stopping");
  }, guard);
}

main().catch((error: unknown) => {
  if (error instanceof OptionError) process.stderr.write(`atenet: ${error.message}\n`);
  else createLogger("atenet").fatal({ err: error }, "failed");
  process.exitCode = 1;
});
