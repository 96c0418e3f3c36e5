import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { createSubstrateClient, type SubstrateClient } from "@agent-substrate/sdk";

const launcher = resolve(import.meta.dirname, "../../substrate");

/** A test installs nothing: it would be taken from under those that run beside it. */
const environment = { ...process.env, SUBSTRATE_NO_INSTALL: "1" };

export interface SubstrateOptions {
  /** Default: a temporary folder, removed at the end. */
  readonly data?: string;
  /** Default 2. */
  readonly workers?: number;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real `./substrate up` with a data folder and ports of its own. Disposing it stops it and removes its folder. */
export interface Substrate extends AsyncDisposable {
  readonly data: string;
  readonly pid: number;
  /** `host:port` */
  readonly api: string;
  readonly router: string;
  readonly client: SubstrateClient;
  /** Runs `./substrate …` against it. */
  command(...words: string[]): Promise<CommandResult>;
  /** What it has printed so far. */
  output(): string;
  /** Resolves when it prints a line that matches, from now on. */
  printed(pattern: RegExp): Promise<void>;
  /** Sends a signal without waiting for anything. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it has ended, whoever asked it to; the exit code. */
  ended(): Promise<number | null>;
  /** SIGTERM, and waits for the end; the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

export async function startSubstrate(options: SubstrateOptions = {}): Promise<Substrate> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), "substrate-test-")));
  const words = ["up", "--data", data, "--listen", "127.0.0.1:0", "--router", "127.0.0.1:0"];
  // A test that is itself ended takes its machine with it.
  const own = ["--pdeathsig", "TERM", "--", launcher];
  const child = spawn("setpriv", [...own, ...words, "--workers", String(options.workers ?? 2)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment,
  });
  const printed = collectOutput(child);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const removeData = async () => {
    if (options.data === undefined) await rm(data, { recursive: true, force: true });
  };
  try {
    await readiness(exited, printed);
  } catch (error) {
    await removeData();
    throw error;
  }
  const facts = JSON.parse(await readFile(join(data, "run/up.json"), "utf8"));
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  return {
    data,
    pid: facts.pid,
    api: facts.apiAddress,
    router: facts.routerAddress,
    client: createSubstrateClient({ endpoint: facts.apiAddress }),
    command: (...commandWords) => runCommand(commandWords, { SUBSTRATE_ENDPOINT: facts.apiAddress }),
    output: () => printed.text,
    printed: (pattern) => printed.next(pattern),
    signal: (signal) => void child.kill(signal),
    ended: () => exited,
    stop: () => end("SIGTERM"),
    kill: async () => {
      await end("SIGKILL");
    },
    [Symbol.asyncDispose]: async () => {
      await end("SIGTERM");
      await removeData();
    },
  };
}

/** Runs `./substrate …` to its end; at most 120 s. */
export function runCommand(words: string[], env: Record<string, string> = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      launcher,
      words,
      { env: { ...environment, ...env }, timeout: 120_000 },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

interface Printed {
  text: string;
  /** Resolves with the next line that matches. */
  next(pattern: RegExp): Promise<void>;
}

function collectOutput(child: ChildProcess): Printed {
  const listeners: ((line: string) => void)[] = [];
  const next = (pattern: RegExp) =>
    new Promise<void>((resolve) =>
      listeners.push((line) => {
        if (pattern.test(line)) resolve();
      }),
    );
  const printed: Printed = { text: "", next };
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      printed.text += `${line}\n`;
      for (const listener of listeners) listener(line);
    });
  }
  return printed;
}

/** `up` prints a line that begins with `ready` once it serves. */
async function readiness(exited: Promise<number | null>, printed: Printed): Promise<void> {
  const early = exited.then((code) => {
    throw new Error(`substrate up ended with ${code} before it was ready:\n${printed.text}`);
  });
  early.catch(() => undefined);
  await Promise.race([printed.next(/^ready\b/), early]);
}
