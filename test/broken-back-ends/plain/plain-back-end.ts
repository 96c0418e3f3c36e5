// The back end that all programs of this folder begin with: a plain process, in namespaces of its own, that
// keeps durable directories alone. It keeps the whole contract; a broken one overrides a single step of it.
// On the RPC server alone and not on the kit, which leaves no room for most of these faults.
import { mkdir } from "node:fs/promises";
import type { Readable } from "node:stream";
import { type AteomPaths, ateom, contractPaths } from "@agent-substrate/contract";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { ActorNetwork } from "./actor-network.ts";
import { labelOutput } from "./label-output.ts";
import { packVolumes, unpackVolumes } from "./packed-volumes.ts";
import { type Program, type ProgramWorld, startProgram } from "./program.ts";
import { isReadyNow, untilReady } from "./readiness.ts";
import { parseWorkload, type Workload, type WorkloadRequest } from "./workload.ts";

export interface Execution {
  readonly workload: Workload;
  readonly program: Program;
}

export class PlainBackEnd {
  readonly paths: AteomPaths;
  protected readonly network: ActorNetwork;
  protected executing: Execution | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(uid: string) {
    this.paths = contractPaths().ateom(uid);
    this.network = new ActorNetwork(this.paths.netnsName);
  }

  async open(): Promise<void> {
    await mkdir(this.paths.directory, { recursive: true, mode: 0o700 });
    await this.network.open();
  }

  /** Everything that it made, but the socket. */
  async close(): Promise<void> {
    await this.inTurn(() => this.end());
    await this.network.close();
  }

  /** Services beside the base contract; the honest one has none. */
  offer(_router: ConnectRouter): void {}

  runWorkload(request: ateom.RunWorkloadRequest): Promise<void> {
    return this.inTurn(async () => {
      const workload = this.parse(request);
      this.refuseIfExecuting();
      await this.start(workload);
    });
  }

  checkpointWorkload(request: ateom.CheckpointWorkloadRequest): Promise<string[]> {
    return this.inTurn(async () => {
      this.refuseScope(request.scope);
      const workload = this.parse(request);
      this.refuseIfNotExecuting(workload);
      await this.end();
      return this.pack(workload);
    });
  }

  restoreWorkload(request: ateom.RestoreWorkloadRequest): Promise<void> {
    return this.inTurn(async () => {
      this.refuseScope(request.scope);
      const workload = this.parse(request);
      this.refuseIfExecuting();
      await this.unpack(workload);
      await this.start(workload);
    });
  }

  protected parse(request: WorkloadRequest): Workload {
    return parseWorkload(request);
  }

  protected refuseScope(scope: ateom.SnapshotScope): void {
    if (scope !== ateom.SnapshotScope.DATA) {
      throw new ConnectError(`scope ${scope}: only DATA is kept`, Code.InvalidArgument);
    }
  }

  protected refuseIfExecuting(): void {
    if (this.executing) throw new ConnectError("the worker executes an actor", Code.FailedPrecondition);
  }

  protected refuseIfNotExecuting({ paths }: Workload): void {
    if (this.executing?.workload.paths.directory !== paths.directory) {
      throw new ConnectError("the worker does not execute this actor", Code.FailedPrecondition);
    }
  }

  protected async start(workload: Workload): Promise<void> {
    await this.network.renew();
    const program = await startProgram(workload, this.world(workload));
    this.executing = { workload, program };
    try {
      for (const stream of program.streams) this.copyOutput(stream, workload);
      await this.awaitReady(workload, program);
    } catch (failure) {
      await this.end();
      throw failure;
    }
  }

  /** What the program finds around it. */
  protected world(_workload: Workload): ProgramWorld {
    return { netns: this.paths.netnsName };
  }

  protected copyOutput(stream: Readable, workload: Workload): void {
    labelOutput(stream, workload);
  }

  protected awaitReady({ readyz }: Workload, program: Program): Promise<void> {
    return untilReady(() => isReadyNow(readyz), program);
  }

  /** Returns when nothing of the program is left. */
  protected async end(): Promise<void> {
    await this.executing?.program.end();
    this.executing = undefined;
  }

  /** Answers the names of the snapshot's files. */
  protected pack(workload: Workload): Promise<string[]> {
    return packVolumes(workload, workload.paths.checkpoint);
  }

  protected unpack(workload: Workload): Promise<void> {
    return unpackVolumes(workload, workload.paths.restore);
  }

  /** One call after the other. */
  protected inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
