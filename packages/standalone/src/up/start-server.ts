import { join } from "node:path";
import {
  ChildError,
  type SupervisedChild,
  type SuperviseEvent,
  superviseChild,
} from "@agent-substrate/process-kit";
import type { Console } from "../console.ts";
import type { HostPort } from "../options.ts";
import type { Command } from "./server-commands.ts";
import { serverEnvironment } from "./server-commands.ts";
import { openServerLog, urgentPart } from "./server-log.ts";

export interface ServerOptions {
  readonly name: "ateapi" | "atelet" | "atenet";
  readonly logFolder: string;
  readonly console: Console;
  /** The command; given the address that it had before, when it is started again. */
  readonly command: (address: HostPort | undefined) => Command;
  /** Between TERM and KILL. */
  readonly termTimeoutMs: number;
}

/** One of the processes of this machine, started again when it ends by itself. */
export interface Server {
  readonly name: string;
  readonly pid: number | undefined;
  /** Undefined where it listens on no TCP port. */
  readonly address: HostPort | undefined;
  /** Idempotent. */
  stop(): Promise<void>;
  kill(): void;
}

export async function startServer(options: ServerOptions, signal: AbortSignal): Promise<Server> {
  const { name, console } = options;
  const log = openServerLog(join(options.logFolder, `${name}.log`));
  let address: HostPort | undefined;
  let started = false;
  let stopping = false;
  const tell = sayEvents(name, console);
  const child: SupervisedChild = await superviseChild(
    {
      name,
      // Read at each start: a server that ended comes back on the port that its clients know.
      get command() {
        return options.command(address);
      },
      env: serverEnvironment(),
      termTimeoutMs: options.termTimeoutMs,
      onStderr: (line) => {
        log.write(line);
        const urgent = urgentPart(line);
        // What keeps it from its first start is told once, by the failure of that start.
        if (urgent && started && !stopping) console.say(`${name}: ${urgent}`);
      },
      onEvent: (event) => {
        started ||= event.kind === "ready";
        if (event.kind === "ready") address = announcedAddress(event.child.facts) ?? address;
        if (!stopping) tell(event);
      },
    },
    signal,
  ).catch((error: unknown) => {
    log.close();
    throw describeFailedStart(name, error);
  });
  const stop = async () => {
    stopping = true;
    await child.stop();
    log.close();
  };
  let stopped: Promise<void> | undefined;
  return {
    name,
    get pid() {
      return child.current?.pid;
    },
    get address() {
      return address;
    },
    stop: () => (stopped ??= stop()),
    kill: () => {
      stopping = true;
      child.kill();
    },
  };
}

/** In the server's own words for people, where it left some; all of it is in its log. */
function describeFailedStart(name: string, error: unknown): unknown {
  if (!(error instanceof ChildError)) return error;
  const urgent = error.stderr.split("\n").flatMap((line) => (line === "" ? [] : (urgentPart(line) ?? [])));
  return urgent.length === 0
    ? error
    : new Error(`${name} did not start: ${urgent.join("\n")}`, { cause: error });
}

/** Says what happens to a server after its first start. */
function sayEvents(name: string, console: Console): (event: SuperviseEvent) => void {
  let ended = false;
  return (event) => {
    if (event.kind === "exited") {
      ended = true;
      const { code, signal } = event.exit;
      console.say(`${name} ended (${signal ?? `code ${code}`}); it is started again`);
    } else if (event.kind === "start-failed") {
      console.say(`${name} did not start: ${event.error.message.split("; it wrote:")[0]}`);
    } else if (event.kind === "ready" && ended) {
      console.say(`${name} runs again`);
    }
  };
}

function announcedAddress({ host, port }: Readonly<Record<string, unknown>>): HostPort | undefined {
  return typeof host === "string" && typeof port === "number" ? { host, port } : undefined;
}
