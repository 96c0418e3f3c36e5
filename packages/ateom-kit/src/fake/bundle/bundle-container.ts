// A container of the fake: the bundle's program as a plain process in namespaces of its own, whose changes to
// its image lie in memory.
import { type ChildProcess, type Serializable, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ContainerExit, ContainerOutput } from "../../back-end.ts";
import { runCommand } from "../../run-command.ts";
import type { ContainerBundle } from "./container-bundle.ts";

const startScript = fileURLToPath(new URL("./start-container.sh", import.meta.url));
const namespaces = ["--mount", "--pid", "--uts", "--fork", "--kill-child", "--propagation", "private"];

export interface BundleContainer {
  readonly name: string;
  /** The first process of the container's pid namespace. Rejects when it is gone. */
  findFirstProcess(): Promise<number>;
  /** What its program keeps in memory, by its own word over Node's IPC. Rejects when it is gone. */
  readMemory(): Promise<Serializable>;
  readonly isRunning: boolean;
  /** Ends all of its processes, without a signal that they could handle. Idempotent. */
  end(): Promise<void>;
}

/** Makes the folder in which a container's changes lie; `release` gives the memory back. */
export async function openLayers(folder: string): Promise<{ changes: string; release(): Promise<void> }> {
  await mkdir(folder, { recursive: true });
  await runCommand(["mount", "-t", "tmpfs", "tmpfs", folder]);
  for (const name of ["image", "changes", "work", "root"]) await mkdir(join(folder, name));
  return {
    changes: join(folder, "changes"),
    async release() {
      await runCommand(["umount", "--lazy", folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function startContainer(
  name: string,
  bundle: ContainerBundle,
  world: { readonly layers: string; readonly netnsPath: string; readonly memory: Serializable | undefined },
  [stdout, stderr]: readonly [ContainerOutput, ContainerOutput],
  onExit: (exit: ContainerExit) => void,
): BundleContainer {
  const { image, hostname, user, cwd, args, env, binds } = bundle;
  const mounts = binds.flatMap(({ source, target, isReadOnly }) => [
    source,
    target,
    isReadOnly ? "ro" : "rw",
  ]);
  const place = [world.layers, image, hostname, String(user.uid), String(user.gid), cwd];
  const isolated = ["unshare", ...namespaces, startScript, ...place, ...mounts, "--", ...args];
  const child = spawn("nsenter", [`--net=${world.netnsPath}`, ...isolated], {
    env: { ...env, ...(world.memory !== undefined && { PROBE_MEMORY: "given" }) },
    stdio: ["ignore", stdout.fd, stderr.fd, "ipc"],
  });
  if (world.memory !== undefined) child.send(world.memory, () => undefined);
  const exited = once(child, "exit");
  let isEnding = false;
  child.on("error", () => onExit({ container: name, code: 127 }));
  child.on("exit", (code, signal) => {
    if (!isEnding) onExit({ container: name, ...(signal ? { signal: 9 } : { code: code ?? 0 }) });
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    name,
    findFirstProcess: () => findFirstProcess(child),
    readMemory: () => askMemory(child, exited),
    get isRunning() {
      return isRunning();
    },
    async end() {
      isEnding = true;
      if (!isRunning()) return;
      // The first process of a pid namespace is gone only when all others in it are.
      const first = await findFirstProcess(child).catch(() => child.pid);
      if (first !== undefined && isRunning()) process.kill(first, "SIGKILL");
      await exited;
    },
  };
}

async function findFirstProcess({ pid }: ChildProcess): Promise<number> {
  const [first] = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ");
  if (!first) throw new Error("the container has no process");
  return Number(first);
}

async function askMemory(child: ChildProcess, exited: Promise<unknown>): Promise<Serializable> {
  const answered = once(child, "message");
  child.send("checkpoint");
  const gone = exited.then(() => {
    throw new Error("the container has ended");
  });
  const [answer] = await Promise.race([answered, gone]);
  return (answer as { memory: Serializable }).memory;
}
