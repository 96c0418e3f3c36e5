// runsc as somebody would call it by hand, with the flags that the gVisor back end gives it.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface BareRunsc {
  /** The same binary that the product runs. */
  readonly path: string;
  /** A directory for its `--root` and its logs. */
  readonly directory: string;
}

const limitMs = 60_000;

/**
 * Runs one command to its end. `outputFd`: stdout and stderr. Not to be given up half-way, for then
 * there would be a sandbox that nobody knows; it is bounded by a limit of its own.
 */
export function runBare(
  runsc: BareRunsc,
  command: "create" | "restore" | "checkpoint" | "delete",
  words: readonly string[],
  outputFd?: number,
): Promise<void> {
  const log = join(runsc.directory, `${command}.log`);
  const output = outputFd ?? "ignore";
  const flags = [
    `--root=${join(runsc.directory, "root")}`,
    `--log=${log}`,
    "--ignore-cgroups",
    "--network=sandbox",
    "--platform=systrap",
    "--overlay2=root:memory",
  ];
  const child = spawn(runsc.path, [...flags, command, ...words], {
    stdio: ["ignore", output, output],
    cwd: "/",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    // A Ctrl-C in the terminal is not for it.
    detached: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
  child.once("error", reject);
  child.once("exit", async (code, signal) => {
    if (code === 0) return resolve();
    const said = (await readFile(log, "utf8").catch(() => "")).slice(-500).trim();
    reject(new Error(`runsc ${command} ended with ${code ?? signal}: ${said}`));
  });
  return promise.finally(() => clearTimeout(limit));
}
