import { CommanderError } from "commander";
import type { CliIo } from "./cli-io.ts";
import { CliFailure } from "./failure.ts";
import { createProgram } from "./program.ts";

/**
 * Runs one command line (without program and script) and answers its exit code: 0, 1 for a failure, 2
 * for wrong usage. `signal` ends what would go on without end; absent, only the process's end does.
 */
export async function runCli(argv: readonly string[], io: CliIo, signal?: AbortSignal): Promise<number> {
  try {
    const program = await createProgram(argv, io, signal ?? new AbortController().signal);
    await program.parseAsync(argv.length > 0 ? [...argv] : ["--help"], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has written its text already. A group without a verb shows its help as an error.
      return error.exitCode === 0 ? 0 : 2;
    }
    if (signal?.aborted) return 130;
    const { name, message } = error as Error;
    io.stderr.write(`error: ${message}\n`);
    if (error instanceof CliFailure) return error.exitCode;
    return name === "OptionError" ? 2 : 1;
  }
}
