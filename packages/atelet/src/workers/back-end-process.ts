// A back end's process. Its stdin is a pipe that ends when this process does, which is how it learns
// that it is alone; it has a session of its own, so that a terminal's Ctrl-C does not reach it.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { BackEndCommand } from "./back-end-command.ts";
import { readOutputLines } from "./output-lines.ts";
import { findOnlyChild, identifyProcess, type ProcessIdentity, sendSignal } from "./process-identity.ts";

export interface BackEndProcessOptions {
  readonly command: BackEndCommand;
  readonly env: Readonly<Record<string, string>>;
  /** Lines of its stdout: the output of actors. */
  readonly onOutput: (line: string) => Promise<void> | void;
  /** Lines of its stderr: its own log. */
  readonly onLog: (line: string) => void;
}

/** Between TERM and KILL; back ends of the kit end within 20 s. */
const stopTimeoutMs = 25_000;
/** How long what it wrote is still read after its end, should somebody else hold its pipes. */
const outputTimeoutMs = 2_000;
const logKeptMax = 4096;

export class BackEndProcess {
  /** Resolves with how it ended, for people; the last lines of its log are in it. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #log = "";
  #first: ProcessIdentity | undefined;
  #stopping: Promise<void> | undefined;

  /** A program that cannot be started is one that has exited. */
  constructor(options: BackEndProcessOptions) {
    const [program, ...args] = options.command;
    this.#child = spawn(program, args, {
      env: { ...options.env },
      cwd: "/",
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#child.stdin.on("error", () => undefined);
    const read = Promise.all([
      readOutputLines(this.#child.stdout, options.onOutput),
      readOutputLines(this.#child.stderr, (line) => {
        this.#log = `${this.#log}${line}\n`.slice(-logKeptMax);
        options.onLog(line);
      }),
    ]);
    this.exited = this.#watchEnd(read);
  }

  /** What was started; with it ends all that it started. Undefined once it has ended. */
  async identify(): Promise<ProcessIdentity | undefined> {
    const { pid } = this.#child;
    return pid === undefined ? undefined : identifyProcess(pid);
  }

  /** The first process of its pid namespace, once it runs: what must end for all to end. */
  async findFirstProcess(): Promise<ProcessIdentity | undefined> {
    const { pid } = this.#child;
    if (this.#first || pid === undefined) return this.#first;
    const first = await findOnlyChild(pid);
    this.#first = first === undefined ? undefined : await identifyProcess(first);
    return this.#first;
  }

  /** TERM, and KILL after 25 s; resolves when all that it started is gone. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** KILL at once. */
  async kill(): Promise<void> {
    if (this.#hasEnded()) return;
    // The kernel ends the whole namespace with its first process before that is reported.
    if (!(await this.#signalFirst("SIGKILL"))) this.#child.kill("SIGKILL");
    await this.exited;
  }

  async #stop(): Promise<void> {
    if (this.#hasEnded()) return;
    if (!(await this.#signalFirst("SIGTERM"))) return this.kill();
    const late = setTimeout(() => void this.kill(), stopTimeoutMs);
    await this.exited;
    clearTimeout(late);
  }

  /** False where there is no first process, or no more: its number may be another's by now. */
  async #signalFirst(signal: NodeJS.Signals): Promise<boolean> {
    const first = await this.findFirstProcess();
    const found = first && (await identifyProcess(first.pid));
    return found !== undefined && found.startTime === first?.startTime && sendSignal(found.pid, signal);
  }

  #hasEnded(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #watchEnd(read: Promise<unknown>): Promise<string> {
    let how: string;
    try {
      const [code, signal] = (await once(this.#child, "exit")) as [number | null, NodeJS.Signals | null];
      how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    } catch (error) {
      how = `could not be started: ${(error as Error).message}`;
    }
    const late = Promise.withResolvers<void>();
    const timeout = setTimeout(late.resolve, outputTimeoutMs);
    await Promise.race([read, late.promise]);
    clearTimeout(timeout);
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    const log = this.#log.trim();
    return log === "" ? how : `${how}; it wrote: ${log}`;
  }
}
