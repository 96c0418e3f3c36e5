// One worker: at most one running sandbox and one created ahead.
//
// L7: a failed restore is an error; nothing here starts an actor afresh in its place.
// L10: a sandbox serves one actor; `blank` means that its process has ended.

import type {
  ExecCommand,
  ExecProcess,
  SandboxWorker,
  SnapshotScope,
  WorkerContext,
  Workload,
  WorkloadStats,
} from "@agent-substrate/ateom-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import { type BundleSet, durableVolumes, readBundles } from "./bundles.ts";
import { unpackDurableDirectories } from "./durable-directories.ts";
import { endLeftovers } from "./leftovers.ts";
import { PreparedSandbox } from "./prepared-sandbox.ts";
import { removeTree } from "./remove-tree.ts";
import type { Runsc } from "./runsc.ts";
import type { RunscVersions } from "./runsc-versions.ts";
import type { Sandbox } from "./sandbox.ts";
import { planSandbox } from "./sandbox-plan.ts";
import { type SavedWorkload, saveAndGoOn, saveAndStop } from "./save-workload.ts";
import { runscRoot, slotsDirectory } from "./slot.ts";
import {
  checkSnapshotFits,
  checkVolumesFit,
  readSnapshotRecord,
  restoredBundles,
} from "./snapshot-record.ts";

/** What runs: the supervisor's bundles, or those that its snapshot recorded. */
interface Content {
  readonly bundles: BundleSet;
  /** Names of its durable volumes. */
  readonly volumes: readonly string[];
}

interface Execution extends Content {
  readonly sandbox: Sandbox;
  /** Set when somebody asked for the end, so that it is not told as the workload's own. */
  isEnding: boolean;
  /** Whether a container has ended, by itself or not. */
  hasExited: boolean;
}

export class GvisorWorker implements SandboxWorker {
  readonly #context: WorkerContext;
  readonly #prepared: PreparedSandbox;
  readonly #versions: RunscVersions;
  #execution: Execution | undefined;
  /** Of the network, since the last sandbox. Only a start or restore needs it, and no create. */
  #renewal: Promise<void> = Promise.resolve();

  private constructor(context: WorkerContext, versions: RunscVersions) {
    this.#context = context;
    this.#versions = versions;
    const home = {
      directory: context.paths.directory,
      openOutput: (name: string) => context.openOutput(name),
    };
    this.#prepared = new PreparedSandbox(home, context.log);
  }

  /** Ends what a dead predecessor left first. */
  static async open(context: WorkerContext, versions: RunscVersions): Promise<GvisorWorker> {
    await endLeftovers(context.paths.directory);
    return new GvisorWorker(context, versions);
  }

  async run(workload: Workload, signal: AbortSignal): Promise<void> {
    const bundles = await readBundles(workload);
    await this.#boot(workload, { bundles, volumes: durableVolumes(bundles, workload.paths) }, signal);
  }

  async restore(workload: Workload, scope: SnapshotScope, signal: AbortSignal): Promise<void> {
    const from = workload.paths.restore;
    const [current, record] = await Promise.all([readBundles(workload), readSnapshotRecord(from)]);
    checkVolumesFit(record, scope, durableVolumes(current, workload.paths));
    const volumes = record?.durableVolumes ?? [];
    const unpack = () => unpackDurableDirectories(volumes, workload.paths, from, signal);
    if (scope === "data") return this.#boot(workload, { bundles: current, volumes }, signal, unpack);

    // Where the version is not known yet, runsc's own comparison has to do: reading it is a process.
    if (record) checkSnapshotFits(record, scope, this.#versions.known(this.#runsc(workload).path));
    const bundles = record ? restoredBundles(record, current) : current;
    const execution = await this.#acquire(workload, { bundles, volumes }, signal, unpack);
    await workload.phases.measure("restore", () => execution.sandbox.restore(workload, from, signal));
    this.#watch(execution);
  }

  async checkpoint(
    workload: Workload,
    scope: SnapshotScope,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const execution = this.#running();
    execution.isEnding = true;
    try {
      const files = await saveAndStop(await this.#saved(execution, workload, scope), signal);
      await workload.phases.measure("end", () => this.#end(execution));
      return files;
    } catch (error) {
      execution.isEnding = false;
      throw error;
    }
  }

  async snapshot(workload: Workload, scope: SnapshotScope, signal: AbortSignal): Promise<readonly string[]> {
    return saveAndGoOn(await this.#saved(this.#running(), workload, scope), signal);
  }

  async freeze(signal: AbortSignal): Promise<void> {
    await this.#running().sandbox.pause(signal);
  }

  async thaw(signal: AbortSignal): Promise<void> {
    await this.#running().sandbox.resume(signal);
  }

  async stats(signal: AbortSignal): Promise<WorkloadStats> {
    return this.#running().sandbox.stats(signal);
  }

  async exec(command: ExecCommand, signal: AbortSignal): Promise<ExecProcess> {
    return this.#running().sandbox.exec(command, signal);
  }

  async terminate(): Promise<void> {
    const execution = this.#execution;
    if (!execution) return;
    execution.isEnding = true;
    await this.#end(execution);
  }

  async isRunning(): Promise<boolean> {
    const execution = this.#execution;
    if (!execution) return false;
    return execution.sandbox.isAlive && !execution.hasExited;
  }

  async close(): Promise<void> {
    try {
      await this.terminate();
    } finally {
      await this.#renewal.catch(() => undefined);
      await this.#prepared.close();
    }
    const { directory } = this.#context.paths;
    await removeTree(slotsDirectory(directory));
    await removeTree(runscRoot(directory));
  }

  async #boot(workload: Workload, content: Content, signal: AbortSignal, besides?: Step): Promise<void> {
    const execution = await this.#acquire(workload, content, signal, besides);
    await workload.phases.measure("start", () => execution.sandbox.start(workload, signal));
    this.#watch(execution);
  }

  /** A created sandbox; from here on there is something to terminate. `besides` is done meanwhile. */
  async #acquire(
    workload: Workload,
    content: Content,
    signal: AbortSignal,
    besides: Step = async () => {},
  ): Promise<Execution> {
    const plan = planSandbox(content.bundles, workload.paths, this.#context.network.netnsPath);
    const take = async () => {
      const sandbox = await this.#prepared.take(plan, this.#runsc(workload), signal);
      this.#execution = { ...content, sandbox, isEnding: false, hasExited: false };
      return this.#execution;
    };
    const network = this.#renewal.catch(() => this.#context.network.renew());
    return workload.phases.measure("create", () => afterAll(take(), besides(), network));
  }

  async #saved(execution: Execution, workload: Workload, scope: SnapshotScope): Promise<SavedWorkload> {
    const { sandbox, bundles, volumes } = execution;
    const runscVersion = await this.#versions.read(sandbox.runsc.path);
    return { sandbox, bundles, durableVolumes: volumes, runscVersion, scope, workload };
  }

  #running(): Execution {
    if (!this.#execution) throw new ConnectError("nothing runs on this worker", Code.FailedPrecondition);
    return this.#execution;
  }

  /** Leaves the worker blank; the next sandbox is created behind the caller's back. */
  async #end(execution: Execution): Promise<void> {
    const { sandbox } = execution;
    const { network } = this.#context;
    // What still lives is ended before the worker counts as blank; of a dead one only files are left.
    if (sandbox.isAlive) await sandbox.destroy();
    else await sandbox.detachOutput();
    this.#execution = undefined;
    this.#renewal = network.renew(); // runsc gave the address to the sandbox when it started
    this.#renewal.catch((error: unknown) => {
      this.#context.log.warn({ error: String(error) }, "network not renewed");
    });
    this.#prepared.prepare(sandbox.plan, sandbox.runsc);
    this.#prepared.remove(sandbox);
  }

  /** After the wake: what the next checkpoint or restore will want to know. */
  #watch(execution: Execution): void {
    execution.sandbox.watchExits({
      onExit: (container, status) => {
        execution.hasExited = true;
        if (!execution.isEnding) this.#context.reportExit({ container, ...status });
      },
      onMute: (container) => this.#context.log.warn({ container }, "exit cannot be asked for"),
    });
    this.#versions.read(execution.sandbox.runsc.path).catch((error: unknown) => {
      this.#context.log.warn({ error: String(error) }, "version of the runtime not read");
    });
  }

  #runsc(workload: Workload): Runsc {
    const path = workload.assets.runsc;
    if (!path) throw new ConnectError("runtime_asset_paths has no runsc", Code.InvalidArgument);
    return { path, root: runscRoot(this.#context.paths.directory) };
  }
}

type Step = () => Promise<void>;

/** Waits for all also when one fails, so that nothing is under way when the failure is told. */
async function afterAll<T>(result: Promise<T>, ...besides: Promise<void>[]): Promise<T> {
  await Promise.allSettled([result, ...besides]);
  await Promise.all(besides);
  return result;
}
