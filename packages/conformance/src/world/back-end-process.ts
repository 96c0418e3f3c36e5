import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { type ContractPaths, extensions } from "@agent-substrate/contract";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { backEndCommand } from "./back-end-command.ts";
import { processTree } from "./processes.ts";
import type { Settings } from "./settings.ts";

/** How long a back end may take until its socket answers, and to stop, as the rule `process-stop` says. */
export const startTimeoutMs = 30_000;
export const stopTimeoutMs = 20_000;
const linesKeptMax = 5_000;

/** A back end that the suite started, with its first process in a pid namespace of its own. */
export interface BackEndProcess extends AsyncDisposable {
  readonly uids: readonly string[];
  /** The first process of its pid namespace, seen from here. */
  readonly rootPid: number;
  readonly hasEnded: boolean;
  /** Last lines of its stdout (also the actors' output) and of its stderr. */
  readonly output: readonly string[];
  readonly log: readonly string[];
  /** The back end itself, below its reaper. */
  commandPid(): Promise<number>;
  /** Resolves with the first line of stdout, past or coming, that `test` wants; undefined after `timeoutMs`. */
  outputWhere(test: (line: string) => boolean, timeoutMs: number): Promise<string | undefined>;
  /** TERM to the back end; answers its exit code, or "killed" when it took too long. */
  stop(): Promise<number | "killed">;
  /** KILL to the back end at once; resolves when all of its namespace is gone. */
  kill(): Promise<void>;
}

/** Starts it for workers that are there and resolves when each one's socket answers. */
export async function startBackEndProcess(
  settings: Settings,
  paths: ContractPaths,
  uids: readonly string[],
): Promise<BackEndProcess> {
  const { backEnd, env, isFixedBasePath } = settings;
  if (backEnd.kind !== "command") throw new Error("the back end is not this suite's to start");
  const { basePath } = paths;
  const argv = backEndCommand({ command: backEnd.command, basePath, isFixedBasePath, uids });
  await mkdir(`${basePath}/ateoms`, { recursive: true, mode: 0o755 });
  const child = spawn(argv[0] as string, argv.slice(1), {
    env: { PATH: process.env.PATH ?? "", ATE_BASE_PATH: basePath, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const started = watchProcess(child, uids);
  try {
    for (const uid of uids) await awaitSocket(paths.ateom(uid).socket, started);
    await started.findRoot();
    return started;
  } catch (failure) {
    await started.kill();
    throw failure;
  }
}

function watchProcess(child: ChildProcess, uids: readonly string[]) {
  const [output, log]: [string[], string[]] = [[], []];
  const listeners = new Set<(line: string) => void>();
  const keep = (lines: string[]) => (line: string) => {
    lines.push(line);
    if (lines.length > linesKeptMax) lines.shift();
  };
  child.stdin?.on("error", () => undefined);
  if (child.stdout) {
    createInterface(child.stdout).on("line", (line) => {
      keep(output)(line);
      for (const listener of listeners) listener(line);
    });
  }
  if (child.stderr) createInterface(child.stderr).on("line", keep(log));
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", (error) => {
      log.push(error.message);
      resolve();
    });
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  let rootPid = 0;
  /** What was started is `unshare`, perhaps by way of `nsenter`; its only child is the namespace's first. */
  const findRoot = async () => {
    if (rootPid) return rootPid;
    const tree = await processTree(child.pid ?? 0);
    const first = tree.find(({ parent }) => parent === child.pid);
    if (!first) throw new Error("the back end has ended");
    rootPid = first.pid;
    return rootPid;
  };
  const commandPid = async () => {
    const root = await findRoot();
    // Orphans become the reaper's children, too, and pids begin anew some time; the command was the first.
    const children = (await processTree(root)).filter(({ parent }) => parent === root);
    const [command] = children.sort((a, b) => a.startedAt - b.startedAt);
    if (!command) throw new Error("the back end has ended");
    return command.pid;
  };
  const kill = async () => {
    if (!hasEnded()) {
      const pid = await commandPid().catch(() => child.pid);
      if (pid !== undefined) killIfThere(pid, "SIGKILL");
      await Promise.race([exited, delay(2_000, undefined, { ref: false })]);
      if (!hasEnded() && child.pid !== undefined) killIfThere(-child.pid, "SIGKILL");
    }
    await exited;
  };
  return {
    uids,
    get rootPid() {
      return rootPid;
    },
    get hasEnded() {
      return hasEnded();
    },
    output,
    log,
    exited,
    findRoot,
    commandPid,
    async outputWhere(test: (line: string) => boolean, timeoutMs: number) {
      const past = output.find(test);
      if (past !== undefined) return past;
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      const listener = (line: string) => test(line) && resolve(line);
      listeners.add(listener);
      const timer = setTimeout(() => resolve(undefined), timeoutMs);
      return promise.finally(() => {
        clearTimeout(timer);
        listeners.delete(listener);
      });
    },
    async stop() {
      if (hasEnded()) return child.exitCode ?? 0;
      killIfThere(await commandPid(), "SIGTERM");
      await Promise.race([exited, delay(stopTimeoutMs, undefined, { ref: false })]);
      if (hasEnded()) return child.exitCode ?? ("killed" as const);
      await kill();
      return "killed" as const;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

function killIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * Asks until somebody answers anything. Neither the path nor the socket tells when the other side
 * listens, so a refused call is tried again after a moment.
 */
async function awaitSocket(
  socket: string,
  child: { readonly exited: Promise<void>; readonly hasEnded: boolean; readonly log: readonly string[] },
): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  for (;;) {
    if (child.hasEnded)
      throw new Error(`the back end ended at its start: ${child.log.slice(-20).join("\n")}`);
    const transport = rpcTransport(`unix:${socket}`, { protocol: "grpc" });
    try {
      await createClient(extensions.AteomExtensions, transport).describe({}, { timeoutMs: 2_000 });
      return;
    } catch (error) {
      const { code } = ConnectError.from(error);
      // Silence is somebody's, too; what it is about is an item's question.
      if (code !== Code.Unavailable && code !== Code.Canceled) return;
      if (performance.now() > deadline) throw new Error(`nobody answers at ${socket} after 30 s`);
    } finally {
      transport.close();
    }
    await Promise.race([child.exited, delay(25)]);
  }
}
