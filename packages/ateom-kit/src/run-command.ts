import { spawn } from "node:child_process";

/** How long a command may take; those that are run here take milliseconds. */
const commandTimeoutMs = 10_000;
/** What is kept of a command's output. */
const outputBytesMax = 1024 * 1024;

/** A command that failed. `stderr` is what it said. */
export class CommandFailed extends Error {
  readonly stderr: string;

  constructor(argv: readonly string[], reason: string, stderr: string) {
    super(`${argv.join(" ")}: ${reason}${stderr ? `: ${stderr.trim().slice(-2000)}` : ""}`);
    this.name = "CommandFailed";
    this.stderr = stderr;
  }
}

/** Runs a command to its end with `input` as its stdin and answers its stdout. Throws `CommandFailed`. */
export function runCommand(argv: readonly string[], input = ""): Promise<string> {
  const [command = "", ...args] = argv;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(command, args, { stdio: "pipe", timeout: commandTimeoutMs, killSignal: "SIGKILL" });
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
