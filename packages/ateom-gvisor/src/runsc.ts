// Every fact about runsc that this package relies on: flags, argv, exit codes, messages, where it
// puts its control socket. Measured with release 20260701.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Code, ConnectError } from "@connectrpc/connect";

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

/** Of what a command says of its failure. */
const reasonLengthMax = 2000;

/** Messages that tell of an image that does not fit, each with the place in gVisor that writes it. */
const refusals: readonly RegExp[] = [
  /does not match across checkpoint restore/, // version, args, mounts: runsc/boot, runsc/specutils
  /inconsistent private memory files on restore/, // another root overlay
  /checkpoint image does not contain spec for container/, // runsc/specutils/restore.go
  /incompatible FeatureSet/, // the processor lacks what the image uses: pkg/cpuid
  /statefile cannot be empty|bad magic header|missing metadata/, // pkg/state/statefile
];

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

/** Saves the whole sandbox and ends it. Its process ends a little after the command returned. */
export function checkpointSandbox(runsc: Runsc, call: RunscCall, imagePath: string) {
  return run(runsc, "checkpoint", ["-image-path", imagePath], call);
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
export function deleteContainers(
  runsc: Runsc,
  containerIds: readonly string[],
  call: Omit<RunscCall, "containerId">,
) {
  const containerId = containerIds.at(-1);
  if (!containerId) throw new Error("no container to delete");
  return run(runsc, "delete", ["-force", ...containerIds.slice(0, -1)], { ...call, containerId });
}

/** The file names that a checkpoint writes. */
export const imageFiles: readonly string[] = ["checkpoint.img", "pages.img", "pages_meta.img"];

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
  command: Command,
  args: readonly string[],
  call: RunscCall,
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
    call.containerId,
  ];
}

/**
 * FAILED_PRECONDITION: the image does not fit this runtime or machine, and a retry cannot help.
 * INTERNAL, DEADLINE_EXCEEDED, ABORTED: as they say. The words are the command's own.
 */
function commandError(message: string, code: Code = Code.Internal): ConnectError {
  return new ConnectError(message, code);
}

async function run(runsc: Runsc, command: Command, args: readonly string[], call: RunscCall): Promise<void> {
  call.signal?.throwIfAborted();
  // Not a pipe: a sandbox inherits its creator's streams and would hold it open.
  const log = join(call.logDirectory, `${command}-${call.containerId}.log`);
  const output = call.outputFd ?? "ignore";
  const child = spawn(runsc.path, argvOf(runsc, command, args, call, log), {
    stdio: ["ignore", output, output],
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
    cwd: "/",
  });
  const end = await ended(child, timeoutMs[command], call.signal);
  if (end === "0") return;
  const name = `runsc ${command} ${call.containerId}`;
  if (end === "timeout") {
    throw commandError(`${name} took longer than ${timeoutMs[command]} ms`, Code.DeadlineExceeded);
  }
  if (end === "aborted") throw commandError(`${name} was given up`, Code.Aborted);
  const reason = call.conceal(await readReason(log)).slice(0, reasonLengthMax);
  const isRefusal = refusals.some((pattern) => pattern.test(reason));
  const text = `${name} failed: ${reason || `it ended with ${end}`}`;
  throw commandError(text, isRefusal ? Code.FailedPrecondition : Code.Internal);
}

/** `0`, another exit code, a signal's name, or why it was killed. */
async function ended(child: ChildProcess, limitMs: number, signal?: AbortSignal): Promise<string> {
  let killedFor: "timeout" | "aborted" | undefined;
  const kill = (why: "timeout" | "aborted") => {
    killedFor ??= why;
    child.kill("SIGKILL");
  };
  const onAbort = () => kill("aborted");
  const timer = setTimeout(() => kill("timeout"), limitMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      child.once("error", (error) => reject(commandError(`runsc does not start: ${error.message}`)));
      // Not "close": that waits for streams which the sandbox keeps.
      child.once("exit", (code, signalName) => resolve(killedFor ?? String(code ?? signalName)));
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** The last error of a command's log: JSON objects one after another. */
async function readReason(log: string): Promise<string> {
  const text = await readFile(log, "utf8").catch(() => "");
  const last = text.lastIndexOf('{"msg":');
  if (last < 0) return text.trim();
  try {
    const entry = JSON.parse(text.slice(last)) as { msg?: unknown };
    return String(entry.msg);
  } catch {
    return text.slice(last);
  }
}
