// One worker: available, or executing exactly one actor.
//
// L4  An operation goes on to its end, whoever waits for it.
// L7  A start that fails leaves the worker blank and is an error.
// L10 The next actor starts after the network has forgotten the last one.
// L14 The gate is closed before a checkpoint begins and stays so until the worker is blank. A snapshot
//     leaves it open: the worker stays this actor's, so no answer can be another's.
import { Code, ConnectError } from "@connectrpc/connect";
import type {
  ContainerExit,
  SandboxWorker,
  SnapshotScope,
  WorkerLog,
  Workload,
  WorkloadStats,
} from "../back-end.ts";
import type { ExecCommand } from "../exec-process.ts";
import type { WorkerNetwork } from "../network/worker-network.ts";
import { NothingDone } from "../operations/nothing-done.ts";
import { createExecSessions, type ExecSession, type ExecSessions } from "./exec-sessions.ts";
import { createTurns } from "./one-at-a-time.ts";
import { waitUntilReady } from "./readiness.ts";
import { SandboxCalls, type StartMode } from "./sandbox-calls.ts";
import { culpritOf, explainStartFailure, StartEndedByExit } from "./start-failure.ts";
import { describeExit, type WorkerEvents } from "./worker-events.ts";
import { actorName, type Execution, executionOf, moveWorker, type WorkerState } from "./worker-state.ts";

/** What the lifecycle works with. */
export interface WorkerParts {
  readonly uid: string;
  readonly sandbox: SandboxWorker;
  readonly network: WorkerNetwork;
  readonly events: WorkerEvents;
  readonly log: WorkerLog;
  /** What a container last wrote; explains a failed start. */
  lastLines(container: string): Promise<readonly string[]>;
}

type Executing = WorkerState & { readonly kind: "executing" };

/** Decides what may happen on a worker, and does it. */
export class WorkerLifecycle {
  readonly #parts: WorkerParts;
  readonly #turns = createTurns();
  readonly #sandbox: SandboxCalls;
  readonly #execs: ExecSessions;
  #state: WorkerState = { kind: "available" };
  /** Settles when the network is open for the next actor. */
  #opened: Promise<void> = Promise.resolve();

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#sandbox = new SandboxCalls(parts.uid, parts.sandbox);
    this.#execs = createExecSessions(parts.log);
  }

  get state(): WorkerState {
    return this.#state;
  }

  /** Returns when the workload is ready. FAILED_PRECONDITION unless the worker is available. */
  start(mode: StartMode, workload: Workload): Promise<void> {
    return this.#turns.take(async () => {
      this.#refuseUnlessAvailable();
      const execution = { workload, since: new Date(), end: new AbortController() };
      this.#move({ kind: "starting", execution });
      try {
        await workload.phases.measure("network", () => this.#opened);
        await this.#sandbox.start(mode, execution);
        this.#parts.events.publish({ kind: "started", execution });
        await workload.phases.measure("ready", () => this.#waitUntilReady(execution));
      } catch (failure) {
        const explained = await this.#explain(failure, workload);
        await workload.phases.measure("terminate", () => this.#blank());
        throw explained;
      }
      this.#move({ kind: "executing", execution, isFrozen: false });
      this.#parts.events.publish({ kind: "ready", execution });
    });
  }

  /** Answers the snapshot's files. FAILED_PRECONDITION unless this actor is executing. */
  checkpoint(scope: SnapshotScope, workload: Workload): Promise<readonly string[]> {
    return this.#turns.take(async () => {
      const { execution, isFrozen } = this.#refuseUnlessExecuting(workload);
      this.#move({ kind: "checkpointing", execution });
      let isStillFrozen = isFrozen;
      let files: readonly string[];
      try {
        await this.#isolate(workload, execution, isFrozen);
        isStillFrozen = false;
        files = await this.#checkpointSandbox(scope, workload, execution);
      } catch (failure) {
        await workload.phases.measure("terminate", () => this.#surviveOrBlank(execution, isStillFrozen));
        throw failure;
      }
      this.#move({ kind: "available" });
      this.#openLater();
      return files;
    });
  }

  /** As `checkpoint`, but the workload goes on, also where it failed and the author says so. */
  snapshot(scope: SnapshotScope, workload: Workload): Promise<readonly string[]> {
    return this.#turns.take(async () => {
      const { execution, isFrozen } = this.#refuseUnlessExecuting(workload);
      if (isFrozen) throw new NothingDone(`${actorName(workload.key)} is frozen; thaw it first`);
      try {
        return await this.#sandbox.save("snapshot", scope, workload, execution);
      } catch (failure) {
        await workload.phases.measure("terminate", async () => {
          if (!(await this.#survives(execution))) await this.#blank();
        });
        throw failure;
      }
    });
  }

  /** Stops or continues the workload in memory. Idempotent. FAILED_PRECONDITION while nothing executes. */
  setFrozen(isFrozen: boolean): Promise<void> {
    return this.#turns.take(async () => {
      const state = this.#refuseUnlessRunning();
      if (state.isFrozen === isFrozen) return;
      await this.#sandbox.freezeOrThaw(isFrozen ? "freeze" : "thaw", state.execution);
      this.#move({ kind: "executing", execution: state.execution, isFrozen });
    });
  }

  /** What the workload uses. FAILED_PRECONDITION while nothing executes. */
  async stats(): Promise<WorkloadStats> {
    return this.#sandbox.stats(this.#refuseUnlessRunning().execution);
  }

  /**
   * Starts a process beside the workload, which the caller has to close. `parse` gets the workload.
   * FAILED_PRECONDITION while nothing executes or it is frozen. `signal` gives the start up.
   */
  async exec(parse: (workload: Workload) => ExecCommand, signal: AbortSignal): Promise<ExecSession> {
    const { execution, isFrozen } = this.#refuseUnlessRunning();
    const { workload } = execution;
    if (isFrozen) throw new NothingDone(`${actorName(workload.key)} is frozen; thaw it first`);
    const command = parse(workload);
    return this.#execs.open((ended) => this.#sandbox.exec(command, execution, ended), signal);
  }

  /** Ends whatever runs or starts, and returns when the worker is available. Idempotent. */
  async terminate(): Promise<void> {
    executionOf(this.#state)?.end.abort(new ConnectError("the workload was terminated", Code.Aborted));
    await this.#turns.take(async () => {
      if (this.#state.kind === "closed") return;
      if (this.#state.kind !== "available") await this.#blank();
      if (this.#state.kind === "unusable") throw new ConnectError(this.#state.reason, Code.Internal);
    });
  }

  /** Ends what runs; nothing can be started any more. Bounded by the author's `close`. */
  async close(): Promise<void> {
    executionOf(this.#state)?.end.abort(new ConnectError("the back end is stopping", Code.Unavailable));
    await this.#turns.take(async () => {
      if (this.#state.kind === "closed") return;
      this.#move({ kind: "closed" });
      await this.#endExecs();
      await this.#opened.catch(() => undefined);
      await this.#sandbox.close();
    });
  }

  /** A container ended by itself. */
  reportExit(exit: ContainerExit): void {
    const state = this.#state;
    this.#parts.log.info({ ...exit, state: state.kind }, "container-exited");
    if (state.kind !== "starting" && state.kind !== "executing") return;
    const { execution } = state;
    this.#parts.events.publish({ kind: "exited", execution, exit });
    if (state.kind !== "starting") return;
    const text = `${describeExit(exit, execution.workload)} before it was ready`;
    execution.end.abort(new StartEndedByExit(text, exit.container));
  }

  #waitUntilReady({ workload, end }: Execution): Promise<void> {
    return waitUntilReady({
      host: this.#parts.network.actorHost,
      containers: workload.containers,
      signal: end.signal,
    });
  }

  /** L14: nothing reaches the actor, and nothing is run beside it, once its checkpoint begins. */
  async #isolate(workload: Workload, execution: Execution, isFrozen: boolean): Promise<void> {
    const { network } = this.#parts;
    await workload.phases.measure("close-network", () => network.closeGate());
    // So that no back end's snapshot holds a frozen workload, which each of its restores would be; and a
    // process that is frozen with it does not end.
    if (isFrozen) await this.#sandbox.freezeOrThaw("thaw", execution);
    await this.#endExecs();
  }

  async #checkpointSandbox(
    scope: SnapshotScope,
    workload: Workload,
    execution: Execution,
  ): Promise<readonly string[]> {
    // The closed gate alone keeps packets away, so the connections may be forgotten meanwhile.
    const forgotten = this.#parts.network.forgetConnections();
    forgotten.catch(() => undefined);
    const files = await this.#sandbox.save("checkpoint", scope, workload, execution);
    await forgotten;
    return files;
  }

  #endExecs(): Promise<void> {
    return this.#execs.endAll(new ConnectError("the workload was ended", Code.Aborted));
  }

  /** Whether a workload whose saving failed runs unharmed, by its author's word. */
  async #survives(execution: Execution): Promise<boolean> {
    if (execution.end.signal.aborted) return false;
    try {
      return await this.#sandbox.isRunning();
    } catch (failure) {
      this.#parts.log.error({ error: String(failure) }, "survival-unknown");
      return false;
    }
  }

  /** After a failed checkpoint the workload goes on if it can. */
  async #surviveOrBlank(execution: Execution, isFrozen: boolean): Promise<void> {
    const { network, log } = this.#parts;
    if (await this.#survives(execution)) {
      try {
        await network.openGate();
        this.#move({ kind: "executing", execution, isFrozen });
        return;
      } catch (failure) {
        log.error({ error: String(failure) }, "survivor-not-reachable");
      }
    }
    await this.#blank();
  }

  /** Leaves the worker available, or unusable where that failed; never throws. */
  async #blank(): Promise<void> {
    const { network, log } = this.#parts;
    const execution = executionOf(this.#state);
    this.#move({ kind: "ending", ...(execution && { execution }) });
    try {
      await this.#opened.catch(() => undefined);
      await Promise.all([network.closeGate(), this.#endExecs()]);
      await this.#sandbox.terminate();
      await network.forgetConnections();
    } catch (failure) {
      log.error({ error: String(failure) }, "worker-not-blank");
      const reason = `worker ${this.#parts.uid} could not be made blank and takes no work; terminate it or restart its back end`;
      this.#move({ kind: "unusable", reason });
      return;
    }
    this.#move({ kind: "available" });
    this.#openLater();
  }

  /** Opens the gate while nobody is behind it, so that no wake waits for a process. */
  #openLater(): void {
    this.#opened = this.#parts.network.openGate();
    this.#opened.catch((failure) => this.#parts.log.error({ error: String(failure) }, "network-not-opened"));
  }

  #refuseUnlessAvailable(): void {
    const { uid } = this.#parts;
    const state = this.#state;
    if (state.kind === "available") return;
    const execution = executionOf(state);
    if (execution) throw new NothingDone(`worker ${uid} is executing ${actorName(execution.workload.key)}`);
    if (state.kind === "unusable") throw new NothingDone(state.reason);
    throw new ConnectError("the back end is stopping", Code.Unavailable);
  }

  #refuseUnlessExecuting(workload: Workload): Executing {
    const state = this.#state.kind === "executing" ? this.#state : undefined;
    const asked = actorName(workload.key);
    const executing = state && actorName(state.execution.workload.key);
    if (state && executing === asked) return state;
    throw new NothingDone(`worker ${this.#parts.uid} is executing ${executing ?? "nothing"}, not ${asked}`);
  }

  #refuseUnlessRunning(): Executing {
    if (this.#state.kind === "executing") return this.#state;
    throw new NothingDone(`nothing is running on worker ${this.#parts.uid}`);
  }

  async #explain(failure: unknown, workload: Workload): Promise<unknown> {
    const container = culpritOf(failure);
    if (container === undefined) return failure;
    this.#parts.log.warn({ actor: actorName(workload.key), container }, "start-failed");
    return explainStartFailure(failure as Error, await this.#parts.lastLines(container));
  }

  #move(to: WorkerState): void {
    this.#state = moveWorker(this.#state, to);
    if (to.kind === "available") this.#parts.events.publish({ kind: "available" });
  }
}
