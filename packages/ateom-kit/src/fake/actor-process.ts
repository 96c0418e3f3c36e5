import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ContainerExit, ContainerOutput } from "../back-end.ts";
import type { ActorState } from "./actor.ts";

const actorProgram = fileURLToPath(new URL("./actor.ts", import.meta.url));

/** What an actor is started with; it is told by its environment. */
export interface ActorSettings {
  readonly container: string;
  /** Entered first; absent: the process's own. */
  readonly netnsPath: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly counterFile: string;
  readonly identityFile: string;
  readonly memory: number;
}

/** A running actor. */
export interface ActorProcess {
  readonly container: string;
  /** Of the process that serves. */
  readonly pid: number;
  /** Asks for what a checkpoint of memory would hold. Rejects when the actor is gone. */
  readState(): Promise<ActorState>;
  readonly isRunning: boolean;
  /** Stops or continues it. */
  setStopped(isStopped: boolean): void;
  /** Ends it without a signal that it could handle; its own end is not reported then. */
  end(): Promise<void>;
}

/** Starts an actor whose end by itself is reported. */
export function startActor(
  settings: ActorSettings,
  output: ContainerOutput,
  onExit: (exit: ContainerExit) => void,
): ActorProcess {
  const { netnsPath, container, ...rest } = settings;
  const node = [process.execPath, actorProgram];
  const [command = "", ...args] = netnsPath ? ["nsenter", `--net=${netnsPath}`, ...node] : node;
  const child = spawn(command, args, {
    env: { FAKE_ACTOR: JSON.stringify({ container, ...rest }) },
    stdio: ["ignore", output.fd, output.fd, "ipc"],
  });
  const exited = once(child, "exit");
  let isEnding = false;
  child.on("error", () => onExit({ container, code: 127 }));
  child.on("exit", (code, signal) => {
    if (!isEnding) onExit({ container, ...(signal ? { signal: 9 } : { code: code ?? 0 }) });
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    container,
    pid: child.pid ?? 0,
    setStopped(isStopped) {
      child.kill(isStopped ? "SIGSTOP" : "SIGCONT");
    },
    get isRunning() {
      return isRunning();
    },
    readState: () => askState(child, exited),
    async end() {
      isEnding = true;
      if (!isRunning()) return;
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function askState(child: ChildProcess, exited: Promise<unknown>): Promise<ActorState> {
  const answered = once(child, "message");
  child.send("checkpoint");
  const gone = exited.then(() => {
    throw new Error("the actor has exited");
  });
  const [state] = await Promise.race([answered, gone]);
  return state as ActorState;
}
