import { runCli } from "../run-cli.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process. `onStdout` sees what was written so far, after each write. */
export async function run(
  argv: readonly string[],
  options: { stdin?: string; signal?: AbortSignal; onStdout?: (stdout: string) => void } = {},
): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const stdin = (async function* () {
    yield Buffer.from(options.stdin ?? "");
  })();
  const io = {
    stdin,
    stdout: {
      write(text: string) {
        stdout += text;
        options.onStdout?.(stdout);
      },
    },
    stderr: {
      write(text: string) {
        stderr += text;
      },
    },
    env: {},
  };
  const code = await runCli(argv, io, options.signal);
  return { code, stdout, stderr };
}
