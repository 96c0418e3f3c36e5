// One process that is run in a container beside its own, from its start to its end.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ExecCommand, ExecProcess, ProcessExit, TerminalSize } from "@agent-substrate/ateom-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import { execProcessSpec } from "./exec-process-spec.ts";
import { openExecStreams } from "./exec-streams.ts";
import type { OciSpec } from "./oci-spec.ts";
import { execArgv, type Runsc } from "./runsc.ts";
import { readReason, reasonLengthMax, searchPath } from "./runsc-command.ts";
import {
  askForProcessExit,
  type ControlSocketPaths,
  type ProcessInContainer,
  signalProcess,
} from "./sandbox-control.ts";
import { resizeTerminal, spawnInTerminal } from "./terminal.ts";
import { whenAborted } from "./when-aborted.ts";

/** Where a process is run. */
export interface ExecPlace {
  readonly runsc: Runsc;
  readonly containerId: string;
  readonly spec: OciSpec;
  /** Not made yet. */
  readonly directory: string;
  readonly controlSocketPaths: ControlSocketPaths;
  /** Whether process groups of the container are numbered as the sandbox numbers them. */
  readonly hasSandboxPids: boolean;
  conceal(text: string, specs: readonly OciSpec[]): string;
}

/**
 * A start that was given up is waited for: a process of which nobody knows the number cannot be ended. By then
 * the kit has told its caller, and closes what comes late.
 */
const startPatienceMs = 60_000;
const killPatienceMs = 3_000;
const answerTimeoutMs = 2_000;
const killSignal = 9;

/** Returns when the process runs. NOT_FOUND where there is no such program or directory. */
export async function startExec(
  place: ExecPlace,
  command: ExecCommand,
  signal: AbortSignal,
): Promise<ExecProcess> {
  signal.throwIfAborted();
  const { directory, controlSocketPaths: paths } = place;
  const process = execProcessSpec(place.spec, command);
  const files = { process: join(directory, "process.json"), log: join(directory, "log") };
  await using made = new AsyncDisposableStack();
  await mkdir(directory, { mode: 0o700 });
  made.defer(() => rm(directory, { recursive: true, force: true }));
  await writeFile(files.process, JSON.stringify(process), { mode: 0o600 });
  const streams = await openExecStreams(directory);
  made.defer(() => streams.close());

  const argv = execArgv(place.runsc, place.containerId, { ...files, pid: streams.pidFile });
  const child = spawnCommand(argv, command.terminal, directory, streams.childFds);
  const ended = endOf(child);
  streams.handOver();
  // A short process may have ended before its number is read.
  void ended.then(() => streams.endPid());
  const pid = await Promise.race([streams.pid, givenUp(signal)]);
  if (pid === undefined) {
    child.kill("SIGKILL");
    throw await explain(await ended, files.log, (text) => place.conceal(text, [{ ...place.spec, process }]));
  }

  const target: ProcessInContainer = { containerId: place.containerId, pid };
  const asking = new AbortController();
  made.defer(() => asking.abort());
  const answer = askForProcessExit(paths, target, asking.signal);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return killGroup(place, target);
    await killProcess(place, target, command.terminal !== undefined);
    await Promise.race([ended, delay(killPatienceMs, undefined, { ref: false })]);
    child.kill("SIGKILL");
    await ended;
  };
  made.defer(kill);
  signal.throwIfAborted();
  const release = made.move();
  return {
    stdin: streams.stdin,
    stdout: streams.stdout,
    ...(!command.terminal && { stderr: streams.stderr }),
    exited: readExit(ended, answer, asking),
    resize: (size) => resizeTerminal(size, directory),
    async signal(number) {
      await signalProcess(paths, target, number, "process", AbortSignal.timeout(answerTimeoutMs));
    },
    close: () => release.disposeAsync(),
  };
}

function spawnCommand(
  argv: readonly string[],
  terminal: TerminalSize | undefined,
  directory: string,
  stdio: readonly [number, number, number],
): ChildProcess {
  if (terminal) return spawnInTerminal(argv, terminal, directory, stdio);
  const [path = "", ...args] = argv;
  return spawn(path, args, { stdio: [...stdio], env: { PATH: searchPath }, cwd: "/" });
}

/** Of the command itself: its code, 128 + the number of a signal, or why it could not be started. */
type End = { readonly code: number } | { readonly error: Error };

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ error }));
    child.once("exit", (code) => resolve({ code: code ?? 128 + killSignal }));
  });
}

/** The sandbox tells a signal from a code above 128, unless it was asked too late; the command does not. */
async function readExit(
  ended: Promise<End>,
  answer: Promise<ProcessExit | undefined>,
  asking: AbortController,
): Promise<ProcessExit> {
  const end = await ended;
  const timer = setTimeout(() => asking.abort(), answerTimeoutMs);
  const told = await answer;
  clearTimeout(timer);
  if (told) return told;
  if ("error" in end) throw end.error;
  return end.code > 128 ? { signal: end.code - 128 } : { code: end.code };
}

async function killProcess(
  { controlSocketPaths: paths, hasSandboxPids }: ExecPlace,
  target: ProcessInContainer,
  hasTerminal: boolean,
): Promise<void> {
  const kill = (to: "process" | "group" | "foreground-group") =>
    signalProcess(paths, target, killSignal, to, AbortSignal.timeout(answerTimeoutMs));
  if (hasTerminal) await kill("foreground-group");
  if (!hasSandboxPids || !(await kill("group"))) await kill("process");
}

/** What the process started and left behind. In a pod its group cannot be told, and ends with the workload. */
async function killGroup(
  { controlSocketPaths: paths, hasSandboxPids }: ExecPlace,
  target: ProcessInContainer,
): Promise<void> {
  if (hasSandboxPids)
    await signalProcess(paths, target, killSignal, "group", AbortSignal.timeout(answerTimeoutMs));
}

async function givenUp(signal: AbortSignal): Promise<undefined> {
  await whenAborted(signal);
  await delay(startPatienceMs, undefined, { ref: false });
}

async function explain(end: End, log: string, conceal: (text: string) => string): Promise<ConnectError> {
  if ("error" in end)
    return new ConnectError(`the process cannot be started: ${end.error.message}`, Code.Unimplemented);
  const reason = conceal(await readReason(log)).slice(0, reasonLengthMax);
  const code = /no such file or directory|not found/.test(reason)
    ? Code.NotFound
    : /permission denied|not a directory|exec format error/.test(reason)
      ? Code.FailedPrecondition
      : Code.Internal;
  return new ConnectError(reason || `runsc exec ended with ${end.code} and told nothing`, code);
}
