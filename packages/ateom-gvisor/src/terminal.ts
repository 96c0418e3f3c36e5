// Runs a command in a terminal of its own. Node.js can open none; `script` (util-linux) opens one, gives
// it to a shell, and passes on what is typed and shown. A program that starts in it finds its size set.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TerminalSize } from "@agent-substrate/ateom-kit";

const resizeTimeoutMs = 10_000;

/**
 * Starts it with these as stdin, stdout and stderr of `script`. `directory` gets the terminal's path. Ends
 * as the command does, 128 + its number for a signal; the end of stdin is typed as ^D.
 */
export function spawnInTerminal(
  argv: readonly string[],
  size: TerminalSize,
  directory: string,
  stdio: readonly [number, number, number],
): ChildProcess {
  const words = Object.fromEntries(argv.map((word, i) => [`WORD_${i}`, word]));
  // The text depends on the number of words alone; the words themselves come by the environment.
  const command = argv.map((_, i) => `"$WORD_${i}"`).join(" ");
  const text = `stty cols "$COLUMNS_AT_START" rows "$ROWS_AT_START" && tty >"$TERMINAL_PATH" && exec ${command}`;
  return spawn(
    "script",
    ["--quiet", "--return", "--flush", "--echo", "always", "--command", text, "/dev/null"],
    {
      stdio: [...stdio],
      cwd: "/",
      env: {
        ...words,
        PATH: process.env.PATH,
        SHELL: "/bin/sh",
        COLUMNS_AT_START: String(size.columns),
        ROWS_AT_START: String(size.rows),
        TERMINAL_PATH: join(directory, terminalFile),
      },
    },
  );
}

const terminalFile = "terminal";

/** Changes the size of the terminal that was started with `directory`; the command is told by the kernel. */
export async function resizeTerminal({ columns, rows }: TerminalSize, directory: string): Promise<void> {
  const path = (await readFile(join(directory, terminalFile), "utf8")).trim();
  const size = ["cols", String(columns), "rows", String(rows)];
  await promisify(execFile)("stty", ["-F", path, ...size], { timeout: resizeTimeoutMs });
}
