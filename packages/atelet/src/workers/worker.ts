import { EventEmitter } from "node:events";
import { Code, ConnectError } from "@connectrpc/connect";
import { type Assignment, actorName, sameActor } from "../actors/assignment.ts";
import type { WorkerLink } from "../network/worker-link.ts";
import type { BackEndClient, BackEndDescription } from "./back-end-client.ts";
import type { ExecutionStep, RunningWorkload, WorkerState } from "./execution.ts";
import type { PoolDefinition } from "./pool-definition.ts";

const terminateTimeoutMs = 45_000;

/** A workload that ended while nobody asked it to. */
export interface LostWorkload {
  readonly workerUid: string;
  readonly assignment: Assignment;
  readonly reason: string;
}

export interface WorkerParts {
  readonly uid: string;
  readonly pool: PoolDefinition;
  readonly link: WorkerLink;
  readonly client: BackEndClient;
  /** Ends the process that serves the worker; resolves when it is gone. */
  readonly endProcess: () => Promise<void>;
  /** L10: removes what the actor left on this node, before the worker is anybody else's. */
  readonly cleanUp: (assignment: Assignment) => Promise<void>;
}

/** One warm slot for one sandbox. All that happens to its state happens in here. */
export class Worker {
  /** `changed`: its place in the inventory is another. `lost`: see LostWorkload. */
  readonly events = new EventEmitter<{ changed: []; lost: [LostWorkload] }>();
  readonly uid: string;
  readonly pool: PoolDefinition;
  readonly link: WorkerLink;
  readonly client: BackEndClient;
  readonly podName: string;
  readonly #endProcess: () => Promise<void>;
  readonly #cleanUp: (assignment: Assignment) => Promise<void>;
  #state: WorkerState = { kind: "starting", message: "its back end is starting" };
  #description: BackEndDescription | undefined;
  /** What it executes, or executed last. */
  #lastAssignment: Assignment | undefined;
  #clearing: { readonly assignment: Assignment; readonly done: Promise<void> } | undefined;
  #taken = new AbortController();

  constructor(parts: WorkerParts) {
    this.uid = parts.uid;
    this.pool = parts.pool;
    this.link = parts.link;
    this.client = parts.client;
    this.podName = `${parts.pool.name}-${parts.uid.slice(0, 8)}`;
    this.#endProcess = parts.endProcess;
    this.#cleanUp = parts.cleanUp;
  }

  get state(): WorkerState {
    return this.#state;
  }

  /** Undefined while it starts, and for a back end that knows the base contract alone. */
  get description(): BackEndDescription | undefined {
    return this.#description;
  }

  get lastAssignment(): Assignment | undefined {
    return this.#lastAssignment;
  }

  get assignment(): Assignment | undefined {
    return this.#state.kind === "executing" ? this.#state.assignment : undefined;
  }

  /** Its back end answers. */
  open(description: BackEndDescription | undefined): void {
    if (this.#state.kind !== "starting") return;
    this.#description = description;
    this.#move({ kind: "available" });
  }

  /**
   * Takes the worker for an actor. The signal aborts when it is taken away from it. FAILED_PRECONDITION
   * where it is not free.
   */
  begin(assignment: Assignment): AbortSignal {
    const state = this.#state;
    if (state.kind === "executing") {
      throw new ConnectError(
        `worker ${this.uid} is executing ${actorName(state.assignment.key)}`,
        Code.FailedPrecondition,
      );
    }
    if (state.kind !== "available") {
      throw new ConnectError(
        `worker ${this.uid} is ${state.kind} and takes no work`,
        Code.FailedPrecondition,
      );
    }
    this.#lastAssignment = assignment;
    this.#taken = new AbortController();
    this.#move({ kind: "executing", assignment, step: { kind: "starting", isAsked: false } });
    return this.#taken.signal;
  }

  /** Its back end is about to be called. ABORTED where the worker was taken away. */
  ask(assignment: Assignment): void {
    this.#moveFromStarting(assignment, { kind: "starting", isAsked: true });
  }

  /** The actor is ready. ABORTED where the worker was taken away. */
  becomeRunning(assignment: Assignment, running: RunningWorkload): void {
    this.#moveFromStarting(assignment, { kind: "running", running });
  }

  /** FAILED_PRECONDITION where it does not run this actor. */
  beginCheckpoint(asked: Assignment): { assignment: Assignment; running: RunningWorkload } {
    const state = this.#state;
    if (state.kind !== "executing" || !sameActor(state.assignment.key, asked.key)) {
      const executing = state.kind === "executing" ? actorName(state.assignment.key) : "nothing";
      throw new ConnectError(
        `worker ${this.uid} is executing ${executing}, not ${actorName(asked.key)}`,
        Code.FailedPrecondition,
      );
    }
    const { assignment, step } = state;
    if (step.kind !== "running") {
      throw new ConnectError(`${actorName(asked.key)} is ${step.kind} on worker ${this.uid}`, Code.Aborted);
    }
    this.#move({ kind: "executing", assignment, step: { kind: "checkpointing", running: step.running } });
    return { assignment, running: step.running };
  }

  /** After a checkpoint that failed and harmed nobody. */
  resumeRunning(assignment: Assignment, running: RunningWorkload): void {
    if (this.assignment !== assignment) return;
    this.#move({ kind: "executing", assignment, step: { kind: "running", running } });
  }

  /** The worker is blank again. */
  release(assignment: Assignment): void {
    if (this.assignment === assignment) this.#move({ kind: "available" });
  }

  /** Its workload ended by itself, or with its back end. An operation that holds it sees that itself. */
  lose(assignment: Assignment, reason: string): void {
    if (this.assignment !== assignment) return;
    this.events.emit("lost", { workerUid: this.uid, assignment, reason });
  }

  /**
   * Ends the assignment's workload, if it is still here; resolves when the worker is available or gone.
   * A back end that cannot do it ends with its process. Joins a clearing in progress; one that failed is
   * tried anew.
   */
  async clear(assignment: Assignment): Promise<void> {
    if (this.#clearing?.assignment === assignment) return this.#clearing.done;
    const state = this.#state;
    if (state.kind !== "executing" || state.assignment !== assignment) return;
    const isBlank = state.step.kind === "starting" && !state.step.isAsked;
    const done = this.#clear(assignment, isBlank).finally(() => {
      this.#clearing = undefined;
    });
    this.#clearing = { assignment, done };
    await done;
  }

  /** Frees the worker of an assignment whose workload is known not to run. Joins a clearing in progress. */
  async abandon(assignment: Assignment): Promise<void> {
    if (this.#clearing?.assignment === assignment) return this.#clearing.done;
    await this.#cleanUp(assignment);
    this.release(assignment);
  }

  /** Its process is gone, or about to be. */
  end(reason: string): void {
    const state = this.#state;
    if (state.kind === "ending") return;
    if (state.kind === "executing" && ["running", "checkpointing"].includes(state.step.kind)) {
      this.lose(state.assignment, reason);
    }
    this.client.close();
    this.#move({ kind: "ending" });
    this.#takeFrom(state.kind === "executing" ? state.assignment : undefined);
  }

  async #clear(assignment: Assignment, isBlank: boolean): Promise<void> {
    this.#move({ kind: "executing", assignment, step: { kind: "clearing" } });
    this.#takeFrom(assignment);
    if (!isBlank) await this.#endWorkload();
    await this.#cleanUp(assignment);
    this.release(assignment);
  }

  /** A back end that cannot end its workload is ended itself. */
  async #endWorkload(): Promise<void> {
    if (this.#description?.canTerminate) {
      try {
        await this.client.extensions.terminate({}, { timeoutMs: terminateTimeoutMs });
        return;
      } catch {
        // Whatever it says, the workload may run.
      }
    }
    await this.#endProcess();
  }

  #takeFrom(assignment: Assignment | undefined): void {
    if (assignment) this.#taken.abort(this.#wasTaken(assignment));
  }

  #wasTaken({ key }: Assignment): ConnectError {
    return new ConnectError(`worker ${this.uid} was taken from ${actorName(key)}`, Code.Aborted);
  }

  #moveFromStarting(assignment: Assignment, step: ExecutionStep): void {
    const state = this.#state;
    if (state.kind !== "executing" || state.assignment !== assignment || state.step.kind !== "starting") {
      throw this.#wasTaken(assignment);
    }
    this.#move({ kind: "executing", assignment, step });
  }

  #move(state: WorkerState): void {
    this.#state = state;
    this.events.emit("changed");
  }
}
