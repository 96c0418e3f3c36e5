// One runsc process from its start to its end, and what it says when it fails.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Code, ConnectError } from "@connectrpc/connect";

/** What is started. */
export interface CommandLine {
  readonly path: string;
  readonly argv: readonly string[];
  /** For messages, such as `runsc create c-00`. */
  readonly name: string;
  /** Where its `--log` goes. Not a pipe: a sandbox inherits its creator's streams and would hold it open. */
  readonly log: string;
  /** Given as stdout and stderr; default: none. */
  readonly outputFd: number | undefined;
  /** Frees what the command said of secrets, before anybody is told. */
  conceal(text: string): string;
}

export interface RunningCommand {
  readonly hasEnded: boolean;
  /** Waits for its end, at most `limitMs` from now, and kills it when that or `signal` comes first. */
  finish(limitMs: number, signal?: AbortSignal): Promise<void>;
  /** Ends it without a word; returns when it has ended. */
  kill(): Promise<void>;
}

/** Messages that tell of an image that does not fit, each with the place in gVisor that writes it. */
const refusals: readonly RegExp[] = [
  /does not match across checkpoint restore/, // version, args, mounts: runsc/boot, runsc/specutils
  /inconsistent private memory files on restore/, // another root overlay
  /checkpoint image does not contain spec for container/, // runsc/specutils/restore.go
  /incompatible FeatureSet/, // the processor lacks what the image uses: pkg/cpuid
  /statefile cannot be empty|bad magic header|missing metadata/, // pkg/state/statefile
];

/** All of its environment. */
export const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Of what a command says of its failure. */
export const reasonLengthMax = 2000;

/** Starts a command. That it does not start is told by `finish`. */
export function startCommand(line: CommandLine): RunningCommand {
  const output = line.outputFd ?? "ignore";
  const child = spawn(line.path, line.argv, {
    stdio: ["ignore", output, output],
    env: { PATH: searchPath },
    cwd: "/",
  });
  let hasEnded = false;
  // Not "close": that waits for streams which the sandbox keeps.
  const exit = once(child, "exit")
    .then(([code, signalName]) => String(code ?? signalName))
    .finally(() => {
      hasEnded = true;
    });
  exit.catch(() => undefined);

  return {
    get hasEnded() {
      return hasEnded;
    },
    async finish(limitMs, signal) {
      let killedFor: ConnectError | undefined;
      const kill = (text: string, code: Code) => {
        killedFor ??= commandError(text, code);
        child.kill("SIGKILL");
      };
      const onAbort = () => kill(`${line.name} was given up`, Code.Aborted);
      const timer = setTimeout(() => {
        kill(`${line.name} took longer than ${limitMs} ms`, Code.DeadlineExceeded);
      }, limitMs);
      signal?.addEventListener("abort", onAbort, { once: true });
      if (signal?.aborted) onAbort();
      try {
        const end = await exit.catch((error: Error) => {
          throw commandError(`runsc does not start: ${error.message}`);
        });
        if (killedFor) throw killedFor;
        if (end !== "0") throw await explain(line, end);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      }
    },
    async kill() {
      child.kill("SIGKILL");
      await exit.catch(() => undefined);
    },
  };
}

/**
 * FAILED_PRECONDITION: the image does not fit this runtime or machine, and a retry cannot help.
 * INTERNAL, DEADLINE_EXCEEDED, ABORTED: as they say. The words are the command's own.
 */
export function commandError(message: string, code: Code = Code.Internal): ConnectError {
  return new ConnectError(message, code);
}

async function explain({ name, log, conceal }: CommandLine, end: string): Promise<ConnectError> {
  const reason = conceal(await readReason(log)).slice(0, reasonLengthMax);
  const isRefusal = refusals.some((pattern) => pattern.test(reason));
  const text = `${name} failed: ${reason || `it ended with ${end}`}`;
  return commandError(text, isRefusal ? Code.FailedPrecondition : Code.Internal);
}

/** The last error of a command's `--log`: JSON objects one after another. */
export async function readReason(log: string): Promise<string> {
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
