import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

const timeoutMs = 20_000;

/** Runs a program to its end and answers its output. Throws with what it wrote on stderr. */
export async function runCommand(argv: readonly string[], input = ""): Promise<string> {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], timeout: timeoutMs });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${argv.slice(0, 4).join(" ")} ended with ${code}: ${errors.trim()}`);
  return output;
}
