// A back end without a sandbox: a container is a plain process of this machine. For tests of the kit,
// of node supervisors and of control planes; it keeps nobody apart and must never serve actors.
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type {
  ContainerOutput,
  SandboxBackEnd,
  SandboxWorker,
  SnapshotScope,
  WorkerContext,
  Workload,
  WorkloadStats,
} from "../back-end.ts";
import { actorAddress } from "../network/inner-link.ts";
import { loopbackAddress } from "../network/loopback-network.ts";
import { runCommand } from "../run-command.ts";
import { type ActorProcess, startActor } from "./actor-process.ts";
import { startCommand } from "./fake-exec.ts";
import { readProcessUsage } from "./process-usage.ts";

/** Port of a container without readyz: the one that leads to the outside. */
const defaultPort = 80;

/** `isLoopback`: actors listen on a loopback address of their worker, in no namespace. */
export function fakeBackEnd(isLoopback: boolean): SandboxBackEnd {
  return {
    sandboxClass: "fake",
    requiredAssets: [],
    capabilities: { scopes: ["full", "data"], severalContainers: true },
    openWorker: async (context) => fakeWorker(context, isLoopback),
  };
}

function fakeWorker(context: WorkerContext, isLoopback: boolean): SandboxWorker {
  let actors: ActorProcess[] = [];
  let outputs: ContainerOutput[] = [];
  let running: Workload | undefined;
  const netnsPath = isLoopback ? undefined : context.network.netnsPath;

  const start = async (workload: Workload, memory: ReadonlyMap<string, number>) => {
    running = workload;
    for (const { name, readyz } of workload.containers) {
      const files = rootFiles(workload, name);
      await mkdir(files, { recursive: true });
      const output = await context.openOutput(name);
      outputs.push(output);
      output.attribute(workload, name);
      const settings = {
        container: name,
        netnsPath,
        host: isLoopback ? loopbackAddress(context.uid) : actorAddress,
        port: readyz?.port ?? defaultPort,
        counterFile: join((await durableDirectory(workload, name)) ?? files, "count"),
        identityFile: join(workload.paths.identity, "actor-id"),
        memory: memory.get(name) ?? 0,
      };
      actors.push(startActor(settings, output, context.reportExit));
    }
  };

  const end = async () => {
    await Promise.all(actors.map((actor) => actor.end()));
    await Promise.all(outputs.map((output) => output.close()));
    actors = [];
    outputs = [];
    running = undefined;
  };

  return {
    run: (workload) => start(workload, new Map()),
    async checkpoint(workload, scope) {
      const names = await writeSnapshot(workload, scope, actors);
      await end();
      await rm(workload.paths.runtimeState, { recursive: true, force: true });
      return names;
    },
    async restore(workload, scope) {
      await start(workload, await readSnapshot(workload, scope));
    },
    terminate: end,
    isRunning: async () => actors.length > 0 && actors.every((actor) => actor.isRunning),
    snapshot: (workload, scope) => writeSnapshot(workload, scope, actors),
    async freeze() {
      for (const actor of actors) actor.setStopped(true);
    },
    async thaw() {
      for (const actor of actors) actor.setStopped(false);
    },
    stats: () => addUsage(actors),
    async exec(command) {
      if (!running) throw new Error("nothing runs");
      return startCommand(command, rootFiles(running, command.container), netnsPath);
    },
    close: end,
  };
}

async function addUsage(actors: readonly ActorProcess[]): Promise<WorkloadStats> {
  const usages = await Promise.all(actors.map(({ pid }) => readProcessUsage(pid)));
  return {
    memoryBytes: usages.reduce((sum, usage) => sum + usage.memoryBytes, 0),
    cpuUsageUs: usages.reduce((sum, usage) => sum + usage.cpuUsageUs, 0),
  };
}

function rootFiles(workload: Workload, container: string): string {
  return join(workload.paths.runtimeState, "fake-root", container);
}

/** The only durable directory that an actor may have, where this container mounts one. */
async function durableDirectory(workload: Workload, container: string): Promise<string | undefined> {
  const mounts = workload.containers.find(({ name }) => name === container)?.durableDirMountPaths ?? [];
  if (mounts.length === 0) return undefined;
  const [volume] = await listVolumes(workload);
  return volume && workload.paths.durableDir(volume);
}

async function listVolumes(workload: Workload): Promise<string[]> {
  return readdir(join(workload.paths.directory, "durable-dir")).catch(() => []);
}

async function writeSnapshot(
  workload: Workload,
  scope: SnapshotScope,
  actors: readonly ActorProcess[],
): Promise<string[]> {
  const { checkpoint } = workload.paths;
  const names = ["fake.json"];
  await mkdir(checkpoint, { recursive: true });
  const volumes = await listVolumes(workload);
  for (const volume of volumes) {
    const name = `durable-${volume}.tar`;
    await runCommand(["tar", "-C", workload.paths.durableDir(volume), "-cf", join(checkpoint, name), "."]);
    names.push(name);
  }
  const memory: [string, number][] = [];
  if (scope === "full") {
    for (const actor of actors) {
      memory.push([actor.container, (await actor.readState()).memory]);
      const count = join(rootFiles(workload, actor.container), "count");
      if (!(await stat(count).catch(() => undefined))) continue;
      await cp(count, join(checkpoint, `count-${actor.container}`));
      names.push(`count-${actor.container}`);
    }
  }
  await writeFile(join(checkpoint, "fake.json"), JSON.stringify({ scope, memory, volumes }));
  return names;
}

/** Answers what each container had in memory. */
async function readSnapshot(workload: Workload, scope: SnapshotScope): Promise<Map<string, number>> {
  const { restore } = workload.paths;
  const snapshot = JSON.parse(await readFile(join(restore, "fake.json"), "utf8"));
  if (snapshot.scope !== scope) throw new Error(`the snapshot is of scope ${snapshot.scope}, not ${scope}`);
  for (const volume of snapshot.volumes as string[]) {
    const directory = workload.paths.durableDir(volume);
    await mkdir(directory, { recursive: true });
    await runCommand(["tar", "-C", directory, "-xf", join(restore, `durable-${volume}.tar`)]);
  }
  const memory = new Map(snapshot.memory as [string, number][]);
  for (const container of memory.keys()) {
    const files = rootFiles(workload, container);
    await mkdir(files, { recursive: true });
    await cp(join(restore, `count-${container}`), join(files, "count")).catch(ignoreAbsent);
  }
  return memory;
}

function ignoreAbsent(failure: NodeJS.ErrnoException): void {
  if (failure.code !== "ENOENT") throw failure;
}
