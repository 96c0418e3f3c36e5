// A child process in a group of its own. Its stdin is a pipe that ends when this process does, which is
// how it learns that it is alone (`guardParent`).
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { type AnnouncedFacts, parseAnnouncement } from "./announce-ready.ts";
import { readLines } from "./read-lines.ts";

export interface ChildOptions {
  /** For logs and errors. */
  readonly name: string;
  /** Program and arguments; no shell reads them. */
  readonly command: readonly [program: string, ...args: string[]];
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /**
   * How to know that it serves: `announced` waits for `announceReady`; a function resolves when the
   * child answers. Default `announced`.
   */
  readonly ready?: "announced" | ((signal: AbortSignal) => Promise<void>);
  /** Default 30 000. */
  readonly readyTimeoutMs?: number;
  /** Between TERM to the child and KILL to its group. Default 10 000. */
  readonly termTimeoutMs?: number;
  /** Lines of its stdout and stderr; default: stdout is dropped, stderr goes to this process's own. */
  readonly onStdout?: (line: string) => void;
  readonly onStderr?: (line: string) => void;
}

/** How a child ended: one of the two is set. */
export interface ChildExit {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface Child {
  readonly pid: number;
  /** What it announced; empty where readiness was found otherwise. */
  readonly facts: AnnouncedFacts;
  /** Resolves when it has ended, however it did. */
  readonly exited: Promise<ChildExit>;
  /** TERM, then KILL to the group; resolves when it is gone. Idempotent. */
  stop(): Promise<ChildExit>;
  /** KILL to the group at once. */
  kill(): void;
}

/** A child that did not come up. `stderr` is the end of what it wrote. */
export class ChildError extends Error {
  override readonly name = "ChildError";
  readonly stderr: string;

  constructor(message: string, stderr: string, cause?: unknown) {
    const text = stderr.trim();
    super(text === "" ? message : `${message}; it wrote:\n${text}`, { cause });
    this.stderr = stderr;
  }
}

const stderrKeptMax = 4096;

/** Starts a child and resolves when it is ready; otherwise ends it and throws `ChildError`. */
export async function startChild(options: ChildOptions, signal?: AbortSignal): Promise<Child> {
  signal?.throwIfAborted();
  const [program, ...args] = options.command;
  const { cwd, uid, gid } = options;
  const spawned = spawn(program, args, {
    env: { ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
  // The guard pipe: nothing is written to it, and its loss is the child's end, seen elsewhere.
  spawned.stdin.on("error", () => undefined);
  let stderr = "";
  const announced = Promise.withResolvers<AnnouncedFacts>();
  readLines(spawned.stdout, (line) => {
    const facts = parseAnnouncement(line);
    if (facts) announced.resolve(facts);
    options.onStdout?.(line);
  });
  readLines(spawned.stderr, (line) => {
    stderr = `${stderr}${line}\n`.slice(-stderrKeptMax);
    if (options.onStderr) options.onStderr(line);
    else process.stderr.write(`${line}\n`);
  });
  const ended = watchEnd(spawned);
  const giveUp = new AbortController();
  const timeoutMs = options.readyTimeoutMs ?? 30_000;
  const signals = [giveUp.signal, ...(signal ? [signal] : [])];
  try {
    const facts = await Promise.race([
      typeof options.ready === "function"
        ? options.ready(AbortSignal.any(signals)).then(() => ({}))
        : announced.promise,
      ended.failedToStart,
      ended.exited.then((exit) => {
        throw new ChildError(`${options.name} ended (${describeExit(exit)}) before it was ready`, stderr);
      }),
      wait(timeoutMs, undefined, { signal: AbortSignal.any(signals), ref: false }).then(() => {
        throw new ChildError(`${options.name} was not ready within ${timeoutMs} ms`, stderr);
      }),
    ]);
    return runningChild(spawned, facts, ended.exited, options.termTimeoutMs ?? 10_000);
  } catch (error) {
    killGroup(spawned);
    if (spawned.pid !== undefined) await ended.exited;
    if (error instanceof ChildError || signal?.aborted) throw error;
    throw new ChildError(`${options.name} could not be started: ${(error as Error).message}`, stderr, error);
  } finally {
    giveUp.abort();
  }
}

function runningChild(
  spawned: ChildProcess,
  facts: AnnouncedFacts,
  exited: Promise<ChildExit>,
  termTimeoutMs: number,
): Child {
  const stop = async () => {
    if (spawned.exitCode === null && spawned.signalCode === null) {
      spawned.kill("SIGTERM");
      const enough = setTimeout(() => killGroup(spawned), termTimeoutMs);
      await exited;
      clearTimeout(enough);
      // What the child left of its group; a crashed child's group is left to whoever adopts it.
      killGroup(spawned);
    }
    return exited;
  };
  let stopped: Promise<ChildExit> | undefined;
  return {
    pid: spawned.pid ?? 0,
    facts,
    exited,
    stop: () => (stopped ??= stop()),
    kill: () => killGroup(spawned),
  };
}

function watchEnd(spawned: ChildProcess): { exited: Promise<ChildExit>; failedToStart: Promise<never> } {
  const exited = new Promise<ChildExit>((resolve) => {
    // `close` and not `exit`: all that it wrote has been read then. Its own children may hold its
    // pipes open for long, so that is waited for only a moment.
    spawned.once("exit", (code, signal) => {
      const exit = { code: code ?? undefined, signal: signal ?? undefined };
      const late = setTimeout(() => resolve(exit), 100);
      spawned.once("close", () => {
        clearTimeout(late);
        resolve(exit);
      });
    });
  });
  const failedToStart = new Promise<never>((_, reject) => spawned.once("error", reject));
  failedToStart.catch(() => undefined);
  return { exited, failedToStart };
}

function killGroup(spawned: ChildProcess): void {
  if (spawned.pid === undefined) return;
  try {
    process.kill(-spawned.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** `code 1` or `SIGKILL`. */
export function describeExit(exit: ChildExit): string {
  return exit.signal ?? `code ${exit.code}`;
}
