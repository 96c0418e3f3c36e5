// Commands beside the fake's actors: plain processes of this machine, in the actor's network.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants as modes } from "node:fs/promises";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ExecCommand, ExecProcess, ProcessExit } from "../exec-process.ts";

/** `directory` is the container's root; `netnsPath` is absent where there are no namespaces. */
export async function startCommand(
  { command, env, cwd, terminal }: ExecCommand,
  directory: string,
  netnsPath: string | undefined,
): Promise<ExecProcess> {
  if (terminal) throw new ConnectError("the fake has no terminals", Code.Unimplemented);
  const [name = "", ...rest] = command;
  const found = await findProgram(name);
  const [program = "", ...args] = [...(netnsPath ? ["nsenter", `--net=${netnsPath}`] : []), found, ...rest];
  const child = spawn(program, args, {
    cwd: cwd ?? directory,
    env: { PATH: process.env.PATH, ...Object.fromEntries(env.map(splitVariable)) },
    stdio: "pipe",
    // A group of its own, which ends as one.
    detached: true,
  });
  const exit = Promise.withResolvers<ProcessExit>();
  child.once("exit", (code, signal) =>
    exit.resolve(signal ? { signal: constants.signals[signal] } : { code: code ?? 0 }),
  );
  const { pid } = child;
  if (pid === undefined) {
    const [failure] = await once(child, "error");
    throw failure;
  }
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: exit.promise,
    resize: async () => undefined,
    async signal(signal) {
      if (!hasEnded()) process.kill(pid, signal);
    },
    async close() {
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // Nothing of its group is left.
      }
      await exit.promise;
    },
  };
}

async function findProgram(name: string): Promise<string> {
  const directories = name.includes("/") ? [""] : (process.env.PATH ?? "").split(delimiter);
  for (const directory of directories) {
    const path = join(directory, name);
    if (
      await access(path, modes.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new ConnectError(`there is no program ${JSON.stringify(name)}`, Code.NotFound);
}

function splitVariable(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}
