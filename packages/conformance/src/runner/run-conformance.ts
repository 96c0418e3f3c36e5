// Runs the suite in a process of its own with a network, mounts and process numbers of its own, so that
// whatever way it ends, nothing of it or of a back end that it started is left on this machine.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Settings } from "../world/settings.ts";
import type { Report, RunEvent } from "./result.ts";

const runnerMain = fileURLToPath(new URL("./main.ts", import.meta.url));
const killAfterMs = 10_000;

export interface ConformanceOptions extends Omit<Settings, "folder"> {
  /** Leaves the folder with all snapshots and the last files of each actor, and tells where it is. */
  readonly keep?: boolean;
  readonly onEvent?: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
}

export interface ConformanceRun {
  readonly report: Report;
  /** Present where it was kept. */
  readonly folder?: string;
}

/** Needs root, and the programs that `missingPrograms` looks for. Throws where the suite cannot go on. */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceRun> {
  const { keep = false, onEvent = () => undefined, signal, ...settings } = options;
  signal?.throwIfAborted();
  // Short, because a socket's path lies below it.
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  try {
    const report = await runInNamespaces({ ...settings, keep, folder }, onEvent, signal);
    return { report, ...(keep && { folder }) };
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}

/** A back end that is already running is where it is, so the suite stays in this machine's network. */
function runnerCommand(settings: Settings): readonly string[] {
  const isOwnNode = settings.backEnd.kind === "command";
  const isolate = ["unshare", "--pid", "--mount-proc", "--fork", "--kill-child", "--propagation", "private"];
  return [
    ...isolate,
    ...(isOwnNode ? ["--net"] : []),
    "--",
    "tini",
    "-s",
    "--",
    process.execPath,
    runnerMain,
  ];
}

function runInNamespaces(
  settings: Settings,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal | undefined,
): Promise<Report> {
  const [program = "", ...args] = runnerCommand(settings);
  // A group of its own: Ctrl-C is for this process, which then ends that one in order.
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit", "ipc"], detached: true });
  const { promise, resolve, reject } = Promise.withResolvers<Report>();
  let report: Report | undefined;
  let fault = "the suite ended before its time";
  child.on("message", (message) => {
    const event = message as RunEvent;
    if (event.kind === "ended") report = event.report;
    if (event.kind === "broken") fault = event.message;
    onEvent(event);
  });
  child.on("error", reject);
  child.on("exit", () => (report ? resolve(report) : reject(new Error(fault))));
  child.send(settings);
  // The runner ends in order when the channel closes, and by force when that takes too long.
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    fault = "interrupted";
    child.disconnect();
    timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", interrupt);
  });
}
