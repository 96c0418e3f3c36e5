import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { readBundle } from "./bundle.ts";
import type { Workload } from "./workload.ts";

/** What a program finds around it; broken back ends change the rest. */
export interface ProgramWorld {
  readonly netns: string;
  /** Default: mount, pid and uts. */
  readonly namespaces?: readonly string[];
  /** Where its changes to the root go. Default: a file system in memory, which ends with it. */
  readonly changes?: string;
  /** Default: those of the contract. */
  readonly readOnly?: readonly string[];
}

const ownNamespaces = ["--mount", "--uts", "--pid", "--fork", "--kill-child"];
const readOnlyPaths = ["/run/ate", "/etc/resolv.conf"];

/** A started program. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(child: ChildProcess) {
    this.#child = child;
    // When its output was read to the end, too.
    this.#ended = once(child, "close");
  }

  get streams(): readonly Readable[] {
    return [this.#child.stdout, this.#child.stderr].filter((stream) => stream !== null);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when it and all that it started are gone. */
  async end(): Promise<void> {
    if (!this.hasEnded) {
      const { pid } = this.#child;
      // The first process of a pid namespace is gone only when all others in it are.
      const first = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
      if (first.trim() === "") this.#child.kill("SIGKILL");
      else process.kill(Number(first.split(" ")[0]), "SIGKILL");
    }
    await this.#ended;
  }
}

export async function startProgram(workload: Workload, world: ProgramWorld): Promise<Program> {
  const { root, hostname, binds, process: program } = await readBundle(workload);
  const { netns, namespaces = ownNamespaces, changes = "", readOnly = readOnlyPaths } = world;
  const { uid, gid } = program.user;
  const mounts = binds.flatMap(([from, to]) => [from, to, readOnly.includes(to) ? "ro" : "rw"]);
  const script = join(import.meta.dirname, "world.sh");
  const place = [root, changes, hostname, `${uid}`, `${gid}`, program.cwd];
  const isolated = ["unshare", ...namespaces, "--propagation", "private", script, ...place, ...mounts, "--"];
  const child = spawn("nsenter", [`--net=/run/netns/${netns}`, ...isolated, ...program.args], {
    env: Object.fromEntries(program.env.map((entry) => entry.split(/=(.*)/s, 2) as [string, string])),
    stdio: ["ignore", "pipe", "pipe"],
  });
  await once(child, "spawn");
  return new Program(child);
}
