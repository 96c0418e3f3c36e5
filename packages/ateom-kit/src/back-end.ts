// What the author of a sandbox back end implements. The kit owns everything else: sockets and RPC,
// several workers in a process, operation replay, generations, readiness, log capture, the actor's
// network, signals and start-up order.
import type { ActorKey, ActorPaths, AteomPaths, ContractPaths, PhaseClock } from "@agent-substrate/contract";
import type { ExecCommand, ExecProcess } from "./exec-process.ts";

/** A sandbox technology. One object a process, whatever the number of its workers. */
export interface SandboxBackEnd {
  /** A DNS-1123 label, such as `gvisor`. */
  readonly sandboxClass: string;
  /** Asset names that every Run, Checkpoint and Restore must bring; a call without one is refused. */
  readonly requiredAssets: readonly string[];
  readonly capabilities: SandboxCapabilities;
  /** Snapshots restore only where this key is equal. Default: anywhere. */
  readonly hardwareKey?: string;
  /**
   * Called once for each worker at start, before its socket answers. What a dead predecessor of the
   * same uid left (processes, mounts) is ended here; its network is the kit's and already renewed.
   */
  openWorker(context: WorkerContext): Promise<SandboxWorker>;
}

/**
 * What the author decides beside the functions that a worker has. What is not declared is refused by
 * the kit and never asked of a worker.
 */
export interface SandboxCapabilities {
  /** At least one. */
  readonly scopes: readonly SnapshotScope[];
  /** Whether a workload may have more than one container. */
  readonly severalContainers: boolean;
}

/** `full`: memory, changes to the root file system, and volumes. `data`: durable volumes only. */
export type SnapshotScope = "full" | "data";

/**
 * One slot for one sandbox. Of `run`, `checkpoint`, `restore`, `terminate`, `freeze`, `thaw`, `snapshot`
 * and `close` the kit calls one at a time; `stats` and `exec` may come beside any of them while a
 * workload runs. Operations are not tied to their caller's connection; the signal aborts when the
 * worker is terminated or closed, or the call's time is over (60 s for a start, 300 s for a checkpoint
 * or snapshot, 30 s for the others). A call that does not come back within 10 s of that is left behind.
 *
 * What is thrown reaches the caller in its own words, with worker and actor before them: a
 * `ConnectError` with its code, an `InvalidInput` as INVALID_ARGUMENT, all else as INTERNAL. Throw
 * FAILED_PRECONDITION where a retry cannot help, such as a snapshot of another version.
 */
export interface SandboxWorker {
  /**
   * Boots the workload from its bundles and returns when its processes are started; readiness is
   * the kit's. When it throws, or the workload does not become ready, the kit calls `terminate`.
   */
  run(workload: Workload, signal: AbortSignal): Promise<void>;
  /**
   * Writes the workload's state into `workload.paths.checkpoint`, ends it and leaves the worker
   * blank. Answers the plain names of exactly the files that belong to the snapshot, at least one.
   * Files of an earlier try may lie there; they are to be written over or left unnamed.
   * Nothing of `exec` runs any more, and a frozen workload was thawed. When it throws, the kit takes
   * the workload as still running if `isRunning` says so, else it calls `terminate`.
   */
  checkpoint(workload: Workload, scope: SnapshotScope, signal: AbortSignal): Promise<readonly string[]>;
  /** Continues a workload from the files in `workload.paths.restore`. Otherwise as `run`. */
  restore(workload: Workload, scope: SnapshotScope, signal: AbortSignal): Promise<void>;
  /** Ends whatever runs, frozen or not, without a checkpoint; the worker is blank after it. Idempotent. */
  terminate(): Promise<void>;
  /**
   * After a failed checkpoint or snapshot: whether the workload still runs unharmed. Default
   * (absent): no.
   */
  isRunning?(): Promise<boolean>;
  /** Shutdown: `terminate`, then release everything that `openWorker` acquired. */
  close(): Promise<void>;

  // What follows is optional. A function that is there is what declares its capability; the kit
  // answers UNIMPLEMENTED for one that is not.

  /**
   * As `checkpoint`, but the workload goes on, with its connections and with what `exec` started
   * (which is no part of the snapshot). Files of one moment: what is saved first must not be older
   * than what is saved last. Never of a frozen workload.
   */
  snapshot?(workload: Workload, scope: SnapshotScope, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Stops every process of the workload in memory. Called while it runs; when it throws, it must run
   * on. Comes with `thaw`, or the back end does not start.
   */
  freeze?(signal: AbortSignal): Promise<void>;
  /** Lets a frozen workload go on. When it throws, the workload counts as frozen still. */
  thaw?(signal: AbortSignal): Promise<void>;
  /** What the workload uses, frozen or not. Calls at the same time are answered by one. */
  stats?(signal: AbortSignal): Promise<WorkloadStats>;
  /**
   * Starts a process in a running container and returns when it runs. The kit has checked the
   * command and that the container is one of the workload's. NOT_FOUND where there is no such
   * program. The kit closes what this answers, before it ends the workload; a process whose start was
   * given up (`signal`) must not stay.
   */
  exec?(command: ExecCommand, signal: AbortSignal): Promise<ExecProcess>;
}

/** What a workload uses, all its containers together. What is absent is not known. */
export interface WorkloadStats {
  readonly memoryBytes?: number;
  /** Processor time since the workload was started or restored here. */
  readonly cpuUsageUs?: number;
  /** Of the actor's `eth0`, since the workload was started or restored here. */
  readonly networkReceiveBytes?: number;
  readonly networkTransmitBytes?: number;
}

/** What the kit gives to a worker for its whole life. */
export interface WorkerContext {
  readonly uid: string;
  /** The worker's own directory (0700) and namespace. */
  readonly paths: AteomPaths;
  readonly contractPaths: ContractPaths;
  readonly network: ActorNetwork;
  /**
   * Opens a channel for the output of sandboxes: a FIFO opened read-write, so that an actor outlives
   * its reader. `name` is a plain file name, unique within the worker while the channel is open.
   */
  openOutput(name: string): Promise<ContainerOutput>;
  /** Tells that a container ended by itself. Fails a wait for readiness at once. */
  reportExit(exit: ContainerExit): void;
  readonly log: WorkerLog;
}

/** The network namespace in which the author starts sandboxes. Made when the worker opens. */
export interface ActorNetwork {
  /** `eth0` in it is up and has its address, default route and neighbour entry. */
  readonly netnsPath: string;
  /**
   * Puts address, route and neighbour of `eth0` back, for runtimes that move them into the sandbox
   * (runsc does at its start). Idempotent; one process, so call it off the wake path.
   */
  renew(): Promise<void>;
}

/** A container that ended while nobody asked it to. Without code and signal: nobody told how. */
export interface ContainerExit {
  readonly container: string;
  readonly code?: number;
  readonly signal?: number;
  readonly outOfMemory?: boolean;
}

/** Structured log of one worker; fields, not sentences, and never a secret. */
export interface WorkerLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Where a container's stdout and stderr go. Lines appear on the back end's stdout, labelled. */
export interface ContainerOutput {
  /** Give it as a child's stdout and stderr. */
  readonly fd: number;
  /**
   * Whose lines these are from now on. Lines that come while nobody is named are dropped. Call
   * `drain` before naming another actor.
   */
  attribute(workload: Workload | undefined, container: string): void;
  /** Returns when all that was written before the call has been read and attributed (at most 2 s). */
  drain(): Promise<void>;
  /** Closes and removes the channel; idempotent. What is still unread is read first. */
  close(): Promise<void>;
}

/** One call's validated request. */
export interface Workload {
  /** `template` is the name as it came, perhaps qualified by the atespace; paths are built from it. */
  readonly key: ActorKey;
  readonly atespace?: string;
  /** The template's plain name, where the caller told it. */
  readonly template?: string;
  readonly operationId?: string;
  readonly generation?: bigint;
  readonly containers: readonly WorkloadContainer[];
  /** Asset name -> absolute path of the verified file; holds all of `requiredAssets`. */
  readonly assets: Readonly<Record<string, string>>;
  readonly paths: ActorPaths;
  /** Times of this operation; measure the parts that an operator would want to see. */
  readonly phases: PhaseClock;
}

/** A container of a workload. Its bundle lies at `workload.paths.bundle(name)`. */
export interface WorkloadContainer {
  readonly name: string;
  readonly readyz?: ReadyzProbe;
  readonly durableDirMountPaths: readonly string[];
}

/** `GET <path>` must answer 200. */
export interface ReadyzProbe {
  /** Begins with `/`. */
  readonly path: string;
  /** 1..65535. */
  readonly port: number;
}
