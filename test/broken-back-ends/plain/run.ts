import { execFile } from "node:child_process";

const timeoutMs = 20_000;

/** Runs a program to its end; answers what it wrote. Throws with what it said where it fails. */
export function run(argv: readonly string[], input = ""): Promise<string> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: timeoutMs }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}
