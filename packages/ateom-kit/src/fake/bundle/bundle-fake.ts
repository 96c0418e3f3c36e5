// A back end without a sandbox that runs what the bundles say, to prove the kit by the conformance suite. Memory
// is kept where a program hands it over by itself. It keeps nobody apart and must never serve actors.
import type { Serializable } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type {
  ContainerOutput,
  SandboxBackEnd,
  SandboxWorker,
  SnapshotScope,
  WorkerContext,
  Workload,
} from "../../back-end.ts";
import { runCommand } from "../../run-command.ts";
import { type BundleContainer, openLayers, startContainer } from "./bundle-container.ts";
import { durableFolders, readBundle } from "./container-bundle.ts";

interface Snapshot {
  readonly scope: SnapshotScope;
  /** Container -> what it had in memory. */
  readonly memory: Readonly<Record<string, Serializable>>;
}

const recordName = "fake.json";

export function bundleFake(): SandboxBackEnd {
  return {
    sandboxClass: "fake",
    requiredAssets: [],
    capabilities: { scopes: ["full", "data"], severalContainers: true },
    openWorker: async (context) => new BundleWorker(context),
  };
}

class BundleWorker implements SandboxWorker {
  readonly #context: WorkerContext;
  #containers: BundleContainer[] = [];
  #outputs: ContainerOutput[] = [];
  #layers: { readonly name: string; readonly changes: string; release(): Promise<void> }[] = [];

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  run(workload: Workload): Promise<void> {
    return this.#start(workload, { scope: "data", memory: {} });
  }

  async checkpoint(workload: Workload, scope: SnapshotScope): Promise<string[]> {
    const names = await this.#write(workload, scope);
    await this.terminate();
    return names;
  }

  async restore(workload: Workload, scope: SnapshotScope): Promise<void> {
    const { restore } = workload.paths;
    const snapshot = JSON.parse(await readFile(join(restore, recordName), "utf8")) as Snapshot;
    if (snapshot.scope !== scope) throw new Error(`the snapshot is of scope ${snapshot.scope}, not ${scope}`);
    for (const [index, folder] of (await durableFolders(workload)).entries()) {
      await mkdir(folder, { recursive: true });
      await unpack(join(restore, `durable-${index}.tar`), folder);
    }
    await this.#start(workload, snapshot);
  }

  async terminate(): Promise<void> {
    await Promise.all(this.#containers.map((container) => container.end()));
    await Promise.all(this.#outputs.map((output) => output.close()));
    await Promise.all(this.#layers.map((layers) => layers.release()));
    this.#containers = [];
    this.#outputs = [];
    this.#layers = [];
  }

  async isRunning(): Promise<boolean> {
    return this.#containers.length > 0 && this.#containers.every(({ isRunning }) => isRunning);
  }

  close(): Promise<void> {
    return this.terminate();
  }

  async #start(workload: Workload, { scope, memory }: Snapshot): Promise<void> {
    const { netnsPath } = this.#context.network;
    for (const { name } of workload.containers) {
      const bundle = await readBundle(workload, name);
      const folder = join(this.#context.paths.directory, "layers", name);
      const layers = await openLayers(folder);
      this.#layers.push({ name, ...layers });
      if (scope === "full") await unpack(join(workload.paths.restore, `root-${name}.tar`), layers.changes);
      const outputs = [
        await this.#openOutput(workload, name, 1),
        await this.#openOutput(workload, name, 2),
      ] as const;
      const world = { layers: folder, netnsPath, memory: memory[name] };
      this.#containers.push(startContainer(name, bundle, world, outputs, this.#context.reportExit));
    }
  }

  async #openOutput(workload: Workload, container: string, stream: 1 | 2): Promise<ContainerOutput> {
    const output = await this.#context.openOutput(`${container}-${stream}`);
    this.#outputs.push(output);
    output.attribute(workload, container);
    return output;
  }

  async #write(workload: Workload, scope: SnapshotScope): Promise<string[]> {
    const { checkpoint } = workload.paths;
    const memory: Record<string, Serializable> = {};
    const names = [recordName];
    await mkdir(checkpoint, { recursive: true });
    if (scope === "full") {
      for (const container of this.#containers) memory[container.name] = await container.readMemory();
      for (const { name, changes } of this.#layers)
        names.push(await pack(changes, checkpoint, `root-${name}.tar`));
    }
    for (const [index, folder] of (await durableFolders(workload)).entries()) {
      names.push(await pack(folder, checkpoint, `durable-${index}.tar`));
    }
    await writeFile(join(checkpoint, recordName), JSON.stringify({ scope, memory } satisfies Snapshot));
    return names;
  }
}

// The overlay marks what was removed from the image by attributes and devices of its own.
const attributes = ["--xattrs", "--xattrs-include=*"];

async function pack(folder: string, into: string, name: string): Promise<string> {
  await runCommand(["tar", ...attributes, "-C", folder, "-cf", join(into, name), "."]);
  return name;
}

async function unpack(archive: string, folder: string): Promise<void> {
  await runCommand(["tar", ...attributes, "-C", folder, "-xpf", archive]);
}
