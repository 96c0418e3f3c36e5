// Every fact about runsc that this package relies on: flags, argv, files, where it puts its control
// socket; its messages are in runsc-command.ts. Measured with release 20260701; the tests pass with 20260905 too.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { commandError, type RunningCommand, startCommand } from "./runsc-command.ts";

/** Part of every image: a systrap image restored under another platform hangs. */
export const platform = "systrap";

/** The root file system's changes live in the sandbox's memory, and so in its image. */
export const rootOverlay = "root:memory";

/** runsc finds containers by prefix ("id is ambiguous"), so no id may begin another: all are this long. */
export const containerIdLength = 15;

/** Longest time of one command. Loading and saving memory takes about 1 ms/MiB on a busy machine. */
const timeoutMs = {
  create: 30_000,
  start: 30_000,
  restore: 120_000,
  checkpoint: 300_000,
  pause: 10_000,
  resume: 10_000,
  delete: 130_000, // runsc itself waits 2 min for a killed sandbox
} as const;

type Command = keyof typeof timeoutMs;

/** One runsc binary with one state directory. */
export interface Runsc {
  readonly path: string;
  /** Its `--root`. */
  readonly root: string;
}

/** Where a container's streams go and where the command leaves its own errors. */
export interface RunscCall {
  readonly containerId: string;
  /** An existing directory, for the command's error log. */
  readonly logDirectory: string;
  /** Given as stdout and stderr. Their kind is part of an image: always the writing end of a FIFO. */
  readonly outputFd?: number;
  readonly signal?: AbortSignal;
  /** Frees what the command said of secrets, before anybody is told. */
  conceal(text: string): string;
}

/**
 * Makes a container from its bundle; nothing of it runs yet. The sandbox of a root container keeps
 * `lifeLine` open for writing until its process ends (as its user log, which gets a line a rare while).
 */
export function createContainer(runsc: Runsc, call: RunscCall, bundle: string, lifeLine: string) {
  return run(runsc, "create", ["-bundle", bundle, "-user-log", lifeLine], call);
}

export function startContainer(runsc: Runsc, call: RunscCall) {
  return run(runsc, "start", [], call);
}

/** Loads an image into a created container; in a pod the last container's call sets it going. */
export function restoreContainer(runsc: Runsc, call: RunscCall, imagePath: string) {
  return run(runsc, "restore", ["-detach", "-image-path", imagePath], call);
}

/**
 * Begins a restore whose image is not known yet, from a directory in which it waits before it turns to
 * the sandbox; see `WaitingRestore`. `finish` is the caller's, within `restoreTimeoutMs`.
 */
export function beginRestore(runsc: Runsc, call: RunscCall, imagePath: string): RunningCommand {
  return start(runsc, "restore", ["-detach", "-image-path", imagePath], call);
}

export const restoreTimeoutMs: number = timeoutMs.restore;

/** Saves the whole sandbox and ends it. Its process ends a little after the command returned. */
export function checkpointSandbox(runsc: Runsc, call: RunscCall, imagePath: string) {
  return run(runsc, "checkpoint", ["-image-path", imagePath], call);
}

/** As `checkpointSandbox`, but the sandbox goes on: running, or paused where it was. */
export function snapshotSandbox(runsc: Runsc, call: RunscCall, imagePath: string) {
  return run(runsc, "checkpoint", ["-leave-running", "-image-path", imagePath], call);
}

/**
 * The argv that runs a process in a container, until it has ended. Its number goes to `pidFile`, a FIFO,
 * once it runs; it lives on should the command be killed. What it is comes from a file, so that nobody
 * reads its environment from a command line.
 */
export function execArgv(runsc: Runsc, containerId: string, files: ExecFiles): string[] {
  const args = ["-internal-pid-file", files.pid, "-process", files.process];
  return [runsc.path, ...argvOf(runsc, "exec", args, { containerId }, files.log)];
}

/** Paths that an `exec` reads or writes. */
export interface ExecFiles {
  /** The OCI process: JSON. */
  readonly process: string;
  readonly pid: string;
  readonly log: string;
}

export function pauseSandbox(runsc: Runsc, call: RunscCall) {
  return run(runsc, "pause", [], call);
}

export function resumeSandbox(runsc: Runsc, call: RunscCall) {
  return run(runsc, "resume", [], call);
}

/**
 * Ends containers, their processes and what runsc keeps about them; one that is not there is no error.
 * The root container has to be the first: with it all processes go, and the others are only files.
 */
export async function deleteContainers(
  runsc: Runsc,
  containerIds: readonly string[],
  call: Omit<RunscCall, "containerId">,
): Promise<void> {
  const containerId = containerIds.at(-1);
  if (!containerId) throw new Error("no container to delete");
  // A container whose sandbox has gone and is not reaped yet is removed, and called a failure that ends
  // the command (runsc/sandbox.go, DestroyContainer): the next call goes on with the one after it.
  for (let left = containerIds.length; ; left--) {
    try {
      return await run(runsc, "delete", ["-force", ...containerIds.slice(0, -1)], { ...call, containerId });
    } catch (error) {
      if (left === 1 || !/no control socket found for sandbox/.test(String(error))) throw error;
    }
  }
}

/** The file names that a checkpoint writes, and that a restore opens: in this order, with waiting for a FIFO. */
export const stateFile = "checkpoint.img";
export const pagesMetadataFile = "pages_meta.img";
export const pagesFile = "pages.img";
export const imageFiles: readonly string[] = [stateFile, pagesMetadataFile, pagesFile];

/**
 * Where the control socket of a sandbox may lie: where its `--root` has a file system that takes none,
 * runsc tries the next. The length of a path is no reason (pkg/control/server CreateSocket).
 */
export function controlSocketPaths(runsc: Runsc, rootContainerId: string): string[] {
  return [runsc.root, "/var/run", "/run", "/tmp"].map((at) => join(at, `runsc-${rootContainerId}.sock`));
}

/** The version string, which runsc wants to be equal at save and restore. */
export async function readRunscVersion(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ["--version"], { timeout: 10_000, maxBuffer: 65_536 });
  const match = /^runsc version (\S+)/m.exec(stdout);
  if (!match?.[1]) throw commandError(`${path} --version answered ${JSON.stringify(stdout.slice(0, 200))}`);
  return match[1];
}

function argvOf(
  runsc: Runsc,
  command: Command | "exec",
  args: readonly string[],
  { containerId }: Pick<RunscCall, "containerId">,
  log: string,
): string[] {
  return [
    `--root=${runsc.root}`,
    `--log=${log}`,
    "--ignore-cgroups",
    "--network=sandbox",
    `--platform=${platform}`,
    `--overlay2=${rootOverlay}`,
    command,
    ...args,
    containerId,
  ];
}

async function run(runsc: Runsc, command: Command, args: readonly string[], call: RunscCall): Promise<void> {
  call.signal?.throwIfAborted();
  await start(runsc, command, args, call).finish(timeoutMs[command], call.signal);
}

function start(runsc: Runsc, command: Command, args: readonly string[], call: RunscCall): RunningCommand {
  const log = join(call.logDirectory, `${command}-${call.containerId}.log`);
  return startCommand({
    path: runsc.path,
    argv: argvOf(runsc, command, args, call, log),
    name: `runsc ${command} ${call.containerId}`,
    log,
    outputFd: call.outputFd,
    conceal: call.conceal,
  });
}
