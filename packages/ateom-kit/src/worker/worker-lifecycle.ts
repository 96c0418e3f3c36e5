// One worker: available, or executing exactly one actor.
//
// L4  An operation goes on to its end, whoever waits for it.
// L7  A start that fails leaves the worker blank and is an error.
// L10 The next actor starts after the network has forgotten the last one.
// L14 The gate is closed before a checkpoint begins and stays so until the worker is blank.
import { Code, ConnectError } from "@connectrpc/connect";
import type { ContainerExit, SandboxWorker, SnapshotScope, WorkerLog, Workload } from "../back-end.ts";
import type { WorkerNetwork } from "../network/worker-network.ts";
import { NothingDone } from "../operations/nothing-done.ts";
import { callAuthor, measureAuthor } from "./author-call.ts";
import { tellFailure } from "./author-failure.ts";

import { createTurns } from "./one-at-a-time.ts";
import { NotReady, waitUntilReady } from "./readiness.ts";
import { checkSnapshotFiles } from "./snapshot-files.ts";
import { describeExit, type WorkerEvents } from "./worker-events.ts";
import { actorName, type Execution, executionOf, moveWorker, type WorkerState } from "./worker-state.ts";

/** What an author's function may take. */
const startTimeoutMs = 60_000;
const checkpointTimeoutMs = 300_000;
const terminateTimeoutMs = 30_000;

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

/** How a workload comes to be. */
export type StartMode =
  | { readonly kind: "run" }
  | { readonly kind: "restore"; readonly scope: SnapshotScope };

/** Decides what may happen on a worker, and does it. */
export class WorkerLifecycle {
  readonly #parts: WorkerParts;
  readonly #turns = createTurns();
  #state: WorkerState = { kind: "available" };
  /** Settles when the network is open for the next actor. */
  #opened: Promise<void> = Promise.resolve();

  constructor(parts: WorkerParts) {
    this.#parts = parts;
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
        await this.#startSandbox(mode, execution);
        await workload.phases.measure("ready", () => this.#waitUntilReady(execution));
      } catch (failure) {
        const explained = await this.#explain(failure, workload);
        await workload.phases.measure("terminate", () => this.#blank());
        throw explained;
      }
      this.#move({ kind: "executing", execution });
      this.#parts.events.publish({ kind: "ready", execution });
    });
  }

  /** Answers the snapshot's files. FAILED_PRECONDITION unless this actor is executing. */
  checkpoint(scope: SnapshotScope, workload: Workload): Promise<readonly string[]> {
    return this.#turns.take(async () => {
      const execution = this.#refuseUnlessExecuting(workload);
      this.#move({ kind: "checkpointing", execution });
      let files: readonly string[];
      try {
        files = await this.#checkpointSandbox(scope, workload, execution);
      } catch (failure) {
        await workload.phases.measure("terminate", () => this.#surviveOrBlank(execution));
        throw failure;
      }
      this.#move({ kind: "available" });
      this.#openLater();
      return files;
    });
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
      await this.#opened.catch(() => undefined);
      await this.#parts.sandbox.close();
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

  async #startSandbox(mode: StartMode, execution: Execution): Promise<void> {
    const { uid, sandbox, events } = this.#parts;
    await measureAuthor(mode.kind, execution.workload, (workload) =>
      callAuthor(mode.kind, startTimeoutMs, execution.end.signal, (signal) =>
        tellFailure(uid, workload, () =>
          mode.kind === "run" ? sandbox.run(workload, signal) : sandbox.restore(workload, mode.scope, signal),
        ),
      ),
    );
    events.publish({ kind: "started", execution });
  }

  #waitUntilReady({ workload, end }: Execution): Promise<void> {
    return waitUntilReady({
      host: this.#parts.network.actorHost,
      containers: workload.containers,
      signal: end.signal,
    });
  }

  async #checkpointSandbox(
    scope: SnapshotScope,
    workload: Workload,
    execution: Execution,
  ): Promise<readonly string[]> {
    const { uid, network, sandbox } = this.#parts;
    await workload.phases.measure("close-network", () => network.closeGate());
    // The closed gate alone keeps packets away, so the connections may be forgotten meanwhile.
    const forgotten = network.forgetConnections();
    forgotten.catch(() => undefined);
    const names = await measureAuthor("checkpoint", workload, (measured) =>
      callAuthor("checkpoint", checkpointTimeoutMs, execution.end.signal, (signal) =>
        tellFailure(uid, workload, () => sandbox.checkpoint(measured, scope, signal)),
      ),
    );
    return workload.phases.measure("verify", async () => {
      const files = await checkSnapshotFiles(workload.paths.checkpoint, names);
      await forgotten;
      return files;
    });
  }

  /** After a failed checkpoint the workload goes on if it can. */
  async #surviveOrBlank(execution: Execution): Promise<void> {
    const { sandbox, network, log } = this.#parts;
    try {
      if (!execution.end.signal.aborted && (await sandbox.isRunning?.())) {
        await network.openGate();
        this.#move({ kind: "executing", execution });
        return;
      }
    } catch (failure) {
      log.error({ error: String(failure) }, "survival-unknown");
    }
    await this.#blank();
  }

  /** Leaves the worker available, or unusable where that failed; never throws. */
  async #blank(): Promise<void> {
    const { network, sandbox, log } = this.#parts;
    const execution = executionOf(this.#state);
    this.#move({ kind: "ending", ...(execution && { execution }) });
    try {
      await this.#opened.catch(() => undefined);
      await network.closeGate();
      await callAuthor("terminate", terminateTimeoutMs, undefined, () => sandbox.terminate());
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

  #refuseUnlessExecuting(workload: Workload): Execution {
    const execution = this.#state.kind === "executing" ? this.#state.execution : undefined;
    const asked = actorName(workload.key);
    const executing = execution && actorName(execution.workload.key);
    if (execution && executing === asked) return execution;
    throw new NothingDone(`worker ${this.#parts.uid} is executing ${executing ?? "nothing"}, not ${asked}`);
  }

  async #explain(failure: unknown, workload: Workload): Promise<unknown> {
    if (!(failure instanceof NotReady) && !(failure instanceof StartEndedByExit)) return failure;
    const lines = await this.#parts.lastLines(failure.container);
    const text =
      lines.length > 0 ? `${failure.message}; its last output: ${lines.join("\n")}` : failure.message;
    const code = failure instanceof NotReady ? Code.DeadlineExceeded : Code.FailedPrecondition;
    this.#parts.log.warn({ actor: actorName(workload.key), container: failure.container }, "start-failed");
    return new ConnectError(text, code);
  }

  #move(to: WorkerState): void {
    this.#state = moveWorker(this.#state, to);
  }
}

class StartEndedByExit extends Error {
  readonly container: string;

  constructor(message: string, container: string) {
    super(message);
    this.container = container;
  }
}
