// The life of one runsc sandbox, used for one actor and then thrown away:
//
//     create -> created --start|restore--> running --checkpoint--> gone
//
// and from every state `destroy`, which leaves no process and no file (L10).
import { join } from "node:path";
import type {
  ContainerOutput,
  ExecCommand,
  ExecProcess,
  Workload,
  WorkloadStats,
} from "@agent-substrate/ateom-kit";
import { pauseName } from "./bundles.ts";
import { concealEnvironment } from "./concealment.ts";
import { watchExit } from "./exit-watch.ts";
import { type LifeLine, openLifeLine } from "./life-line.ts";
import {
  checkpointSandbox,
  controlSocketPaths,
  createContainer,
  deleteContainers,
  pauseSandbox,
  type Runsc,
  type RunscCall,
  restoreContainer,
  resumeSandbox,
  snapshotSandbox,
  startContainer,
} from "./runsc.ts";
import { askForEvent, askForExit, type ExitStatus } from "./sandbox-control.ts";
import { startExec } from "./sandbox-exec.ts";
import { SandboxOutputs } from "./sandbox-outputs.ts";
import type { SandboxPlan } from "./sandbox-plan.ts";
import { endSandboxProcesses } from "./sandbox-processes.ts";
import { addEvents } from "./sandbox-stats.ts";
import { fillIdentity, makeSlot, removeSlot, type Slot, type SlotContainer } from "./slot.ts";
import { WaitingRestore } from "./waiting-restore.ts";

/** What a sandbox needs of its worker. */
export interface SandboxHome {
  /** The worker's own directory. */
  readonly directory: string;
  openOutput(name: string): Promise<ContainerOutput>;
}

/** Who wants to know of the ends of containers. */
export interface ExitListener {
  onExit(container: string, status: ExitStatus): void;
  /** The container's end will be told with that of its sandbox, for want of an answer. */
  onMute(container: string): void;
}

/** Longest wait for the sandbox's process to end after its checkpoint was written. */
const endAfterCheckpointMs = 10_000;
/** A save that fails half-way (a full disk) ends the sandbox, a little after the command. */
const endAfterFailureMs = 1_000;

export class Sandbox {
  readonly plan: SandboxPlan;
  readonly runsc: Runsc;
  readonly #slot: Slot;
  readonly #outputs = new SandboxOutputs();
  readonly #watching = new AbortController();
  readonly #life: LifeLine;
  #waiting: WaitingRestore | undefined;
  #destroyed: Promise<void> | undefined;
  #execs = 0;

  private constructor(plan: SandboxPlan, runsc: Runsc, slot: Slot, life: LifeLine) {
    this.plan = plan;
    this.runsc = runsc;
    this.#slot = slot;
    this.#life = life;
  }

  /** Creates the sandbox with all its containers; nothing of the workload runs yet. */
  static async create(
    home: SandboxHome,
    plan: SandboxPlan,
    runsc: Runsc,
    signal: AbortSignal,
  ): Promise<Sandbox> {
    const slot = await makeSlot(home.directory, plan);
    const life = await openLifeLine(slot.lifeLine).catch(async (error: unknown) => {
      await removeSlot(slot);
      throw error;
    });
    const sandbox = new Sandbox(plan, runsc, slot, life);
    try {
      await sandbox.#outputs.open(slot.containers, home.openOutput);
      for (const container of slot.containers) {
        const create = (call: RunscCall) => createContainer(runsc, call, container.bundle, life.path);
        // The root container takes its streams at create, the others when they start.
        if (container === sandbox.#root) await sandbox.#withOutput(container, signal, create);
        else await create(sandbox.#call(container, signal));
      }
    } catch (error) {
      await sandbox.destroy();
      throw error;
    }
    return sandbox;
  }

  /** Whether the sandbox's process lives. */
  get isAlive(): boolean {
    return !this.#life.hasEnded;
  }

  /** Begins a restore that waits for its image. For a sandbox that was created ahead. */
  async awaitImage(signal: AbortSignal): Promise<void> {
    const call = this.#call(this.#root, signal);
    this.#waiting = await WaitingRestore.begin(this.runsc, call, join(this.#slot.directory, "image"));
  }

  /** Boots the workload. */
  async start(workload: Workload, signal: AbortSignal): Promise<void> {
    await Promise.all([this.#give(workload), this.#cancelWaiting()]);
    await startContainer(this.runsc, this.#call(this.#root, signal));
    for (const container of this.#others) {
      await this.#withOutput(container, signal, (call) => startContainer(this.runsc, call));
    }
  }

  /** Continues the workload that an image holds. FAILED_PRECONDITION where it does not fit. */
  async restore(workload: Workload, imagePath: string, signal: AbortSignal): Promise<void> {
    const load = (call: RunscCall) => restoreContainer(this.runsc, call, imagePath);
    const [, isLoaded] = await Promise.all([this.#give(workload), this.#waiting?.load(imagePath)]);
    if (!isLoaded || !(await this.#waiting?.release(signal))) {
      await this.#cancelWaiting();
      await load(this.#call(this.#root, signal));
    }
    // The sandbox loads its image when the last of them has come; their order does not matter.
    await Promise.all(this.#others.map((container) => this.#withOutput(container, signal, load)));
  }

  /** Tells each container's end, once and until `destroy`. Begins when called; returns at once. */
  watchExits({ onExit, onMute }: ExitListener): void {
    const paths = this.#controlSocketPaths;
    const { signal } = this.#watching;
    for (const { name, containerId } of this.#slot.containers) {
      if (name === pauseName) continue;
      const watched = {
        ask: () => askForExit(paths, containerId, signal),
        sandboxEnded: this.#life.ended,
        onMute: () => onMute(name),
      };
      void watchExit(watched, signal).then((status) => status && onExit(name, status));
    }
  }

  /**
   * Writes the image files and ends the sandbox; returns when its process has ended. When it throws,
   * `isAlive` tells whether the sandbox survived.
   */
  async checkpoint(imagePath: string, signal: AbortSignal): Promise<void> {
    try {
      await checkpointSandbox(this.runsc, this.#call(this.#root, signal), imagePath);
    } catch (error) {
      await this.#endsWithin(endAfterFailureMs);
      throw error;
    }
    if (!(await this.#endsWithin(endAfterCheckpointMs))) await this.destroy();
  }

  /** As `checkpoint`, but the sandbox goes on as it is, running or paused. */
  async snapshot(imagePath: string, signal: AbortSignal): Promise<void> {
    try {
      await snapshotSandbox(this.runsc, this.#call(this.#root, signal), imagePath);
    } catch (error) {
      await this.#endsWithin(endAfterFailureMs);
      throw error;
    }
  }

  /** Starts a process in one of the workload's containers. NOT_FOUND where there is no such program. */
  async exec(command: ExecCommand, signal: AbortSignal): Promise<ExecProcess> {
    const container = this.#slot.containers.find(({ name }) => name === command.container);
    const spec = this.plan.containers.find(({ name }) => name === command.container)?.spec;
    if (!container || !spec) throw new Error(`the sandbox has no container ${command.container}`);
    this.#execs += 1;
    const place = {
      runsc: this.runsc,
      containerId: container.containerId,
      spec,
      directory: join(this.#slot.directory, `exec-${this.#execs}`),
      controlSocketPaths: this.#controlSocketPaths,
      hasSandboxPids: container === this.#root,
      conceal: concealEnvironment,
    };
    return startExec(place, command, signal);
  }

  async stats(signal: AbortSignal): Promise<WorkloadStats> {
    const own = this.#slot.containers.filter(({ name }) => name !== pauseName);
    const events = await Promise.all(
      own.map(({ containerId }) => askForEvent(this.#controlSocketPaths, containerId, signal)),
    );
    const stats = addEvents(events);
    if (!stats) throw new Error("the sandbox does not tell what it uses");
    return stats;
  }

  async pause(signal: AbortSignal): Promise<void> {
    await pauseSandbox(this.runsc, this.#call(this.#root, signal));
  }

  async resume(signal: AbortSignal): Promise<void> {
    await resumeSandbox(this.runsc, this.#call(this.#root, signal));
  }

  /** Returns when what the actor wrote has been handed on, and hands on nothing more. */
  async detachOutput(): Promise<void> {
    await this.#outputs.detach();
  }

  /** Ends the sandbox and removes everything of it. Idempotent; joins one in progress. */
  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy();
    return this.#destroyed;
  }

  async #destroy(): Promise<void> {
    this.#watching.abort();
    await this.#cancelWaiting();
    try {
      const ids = this.#slot.containers.map(({ containerId }) => containerId);
      await deleteContainers(this.runsc, ids, this.#commandPlace);
      // A create that was given up half-way may have left a sandbox without a record.
      if (!this.#life.hasEnded) await endSandboxProcesses(this.runsc.root, [this.#slot.id]);
    } finally {
      this.#life.close();
      await this.#outputs.close();
      await removeSlot(this.#slot);
    }
  }

  async #cancelWaiting(): Promise<void> {
    await this.#waiting?.cancel();
  }

  async #give(workload: Workload): Promise<void> {
    await fillIdentity(this.#slot, workload.paths.identity);
    this.#outputs.attribute(workload);
  }

  async #endsWithin(limitMs: number): Promise<boolean> {
    const late = Promise.withResolvers<false>();
    const timer = setTimeout(() => late.resolve(false), limitMs);
    const outcome = await Promise.race([this.#life.ended.then(() => true), late.promise]);
    clearTimeout(timer);
    return outcome;
  }

  get #root(): SlotContainer {
    const [root] = this.#slot.containers;
    if (!root) throw new Error("a sandbox has at least one container");
    return root;
  }

  get #others(): readonly SlotContainer[] {
    return this.#slot.containers.slice(1);
  }

  get #controlSocketPaths(): readonly string[] {
    return controlSocketPaths(this.runsc, this.#root.containerId);
  }

  #call(container: SlotContainer, signal: AbortSignal): RunscCall {
    return { ...this.#commandPlace, containerId: container.containerId, signal };
  }

  get #commandPlace() {
    const specs = this.plan.containers.map(({ spec }) => spec);
    return {
      logDirectory: this.#slot.directory,
      conceal: (text: string) => concealEnvironment(text, specs),
    };
  }

  async #withOutput(
    container: SlotContainer,
    signal: AbortSignal,
    step: (call: RunscCall) => Promise<void>,
  ): Promise<void> {
    await this.#outputs.give(container, (outputFd) => step({ ...this.#call(container, signal), outputFd }));
  }
}
