import { spawn } from "node:child_process";

const commandTimeoutMs = 20_000;
const outputBytesMax = 1024 * 1024;

/** A command that failed. `stderr` is what it said. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
  readonly stderr: string;

  constructor(argv: readonly string[], reason: string, stderr: string) {
    super(`${argv.join(" ")}: ${reason}${stderr ? `: ${stderr.trim().slice(-2000)}` : ""}`);
    this.stderr = stderr;
  }
}

/**
 * Runs a command to its end (at most 20 s) with `input` as its stdin and answers its stdout. Throws
 * `CommandFailed`.
 */
export function runCommand(argv: readonly string[], input = ""): Promise<string> {
  const [program = "", ...args] = argv;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(program, args, { stdio: "pipe", timeout: commandTimeoutMs, killSignal: "SIGKILL" });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (stdout.length < outputBytesMax) stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (stderr.length < outputBytesMax) stderr += text;
  });
  child.on("error", (error) => reject(new CommandFailed(argv, error.message, stderr)));
  child.on("close", (code, signal) => {
    if (code === 0) resolve(stdout);
    else reject(new CommandFailed(argv, signal ? `ended by ${signal}` : `exit code ${code}`, stderr));
  });
  // A command that ends before it has read its input is reported by its exit code.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return promise;
}

/** Runs a command whose failure with this text means that there was nothing to do. */
export async function runUnless(said: string, argv: readonly string[], input = ""): Promise<void> {
  try {
    await runCommand(argv, input);
  } catch (error) {
    if (!(error instanceof CommandFailed) || !error.stderr.includes(said)) throw error;
  }
}
