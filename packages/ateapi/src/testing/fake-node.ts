// A node supervisor that is none: it answers AteomHerder and Node over a real socket and holds a real
// Nodes stream, but its workers are numbers. An actor's memory is a counter that grows with each start.
import { join } from "node:path";
import {
  type atelet,
  atelet as ateletProto,
  atespaceHeader,
  generationHeader,
  node as nodeProto,
  nodes,
  operationIdHeader,
} from "@agent-substrate/contract";
import { serveRpc } from "@agent-substrate/rpc-kit";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { FakeNodeLink } from "./fake-node-link.ts";
import { FakeWorker } from "./fake-worker.ts";

export type NodeCallName =
  | "run"
  | "restore"
  | "checkpoint"
  | "uploadSnapshot"
  | "deleteSnapshot"
  | "endWorkload";

/** One call that the node got, before it acts. */
export interface SeenCall {
  readonly name: NodeCallName;
  readonly actor: string;
  /** Local prefix or URI prefix. */
  readonly snapshot: string;
  readonly generation: bigint;
  readonly operationId: string;
  readonly scope: number;
}

export interface FakeNodeOptions {
  readonly folder: string;
  readonly control: string;
  readonly name?: string;
  readonly workers?: number;
  readonly pool?: string;
  readonly sandboxClass?: string;
  /** Knows the base contract only. */
  readonly baseOnly?: boolean;
  /** Answers calls on TCP instead of a socket. */
  readonly tcp?: boolean;
}

export class FakeNode implements AsyncDisposable {
  readonly name: string;
  readonly workers: FakeWorker[];
  readonly calls: SeenCall[] = [];
  readonly snapshots = new Set<string>();
  readonly uploaded = new Set<string>();
  /** Environment of the first container of each actor, as it was last started. */
  readonly env = new Map<string, [string, string][]>();
  desired: nodes.DesiredWorkers | undefined;
  readonly #desiredWaiters = new Set<() => void>();
  /** Asked before each call acts: may reject, wait, or do whatever a test wants. */
  before: (call: SeenCall, signal: AbortSignal) => Promise<void> | void = () => undefined;
  /** Asked after each call acted: a rejection is a lost reply. */
  after: (call: SeenCall) => Promise<void> | void = () => undefined;
  readonly #options: FakeNodeOptions;
  readonly #results = new Map<string, Promise<void>>();
  #server: Awaited<ReturnType<typeof serveRpc>> | undefined;
  #link: FakeNodeLink | undefined;

  constructor(options: FakeNodeOptions) {
    this.#options = options;
    this.name = options.name ?? "node-1";
    const { pool = "pool", sandboxClass = "gvisor" } = options;
    this.workers = Array.from(
      { length: options.workers ?? 1 },
      (_, index) => new FakeWorker(index, pool, sandboxClass),
    );
  }

  static async start(options: FakeNodeOptions): Promise<FakeNode> {
    const node = new FakeNode(options);
    await node.serve();
    await node.connect();
    return node;
  }

  get #socket(): string {
    return join(this.#options.folder, `${this.name}.sock`);
  }

  /** Names of the calls about one actor, in order. */
  callsOf(actor: string): string[] {
    return this.calls.filter((call) => call.actor === actor).map(({ name }) => name);
  }

  async serve(): Promise<void> {
    const { baseOnly, tcp } = this.#options;
    this.#server = await serveRpc({
      services: [ateletProto.AteomHerder],
      listen: tcp ? { host: "127.0.0.1", port: 0 } : { unixPath: this.#socket },
      drainMs: 0,
      routes: (router) => {
        router.service(ateletProto.AteomHerder, {
          run: (request, context) => this.#start("run", request, "", context),
          restore: (request, context) => this.#start("restore", request, snapshotOf(request), context),
          checkpoint: (request, context) => this.#checkpoint(request, context),
        });
        if (!baseOnly) this.#serveNode(router);
      },
    });
  }

  /** Dials the control plane and says what there is. */
  async connect(): Promise<void> {
    this.#link = new FakeNodeLink({
      control: this.#options.control,
      name: this.name,
      herderAddress: this.#server?.address ?? `unix:${this.#socket}`,
      onDesired: (desired) => {
        this.desired = desired;
        for (const wake of [...this.#desiredWaiters]) wake();
      },
    });
    this.tellInventory();
    await this.#link.welcomed;
  }

  tellInventory(): void {
    const workers = this.workers.map((worker) => worker.describe());
    this.#link?.send({ case: "inventory", value: { workers } });
  }

  /** Waits until it is told to run something that holds. */
  async untilDesired(holds: (desired: nodes.DesiredWorkers) => boolean): Promise<void> {
    while (!this.desired || !holds(this.desired)) {
      await new Promise<void>((resolve) => this.#desiredWaiters.add(resolve));
      this.#desiredWaiters.clear();
    }
  }

  /** A workload ends by itself. */
  loseWorkload(worker: FakeWorker, reason = "exit code 1"): void {
    worker.becomeBlank();
    const { uid: workerUid, generation, atespace, actorId } = worker;
    this.#link?.send({ case: "workloadLost", value: { workerUid, generation, atespace, actorId, reason } });
    this.tellInventory();
  }

  /** The worker that runs an actor. */
  running(actorId: string): FakeWorker | undefined {
    return this.workers.find(
      (worker) => worker.actorId === actorId && worker.state === nodes.NodeWorker_State.EXECUTING,
    );
  }

  /** Breaks the stream only; calls are still answered. */
  async disconnect(): Promise<void> {
    await this.#link?.close();
  }

  async stopServing(): Promise<void> {
    await this.#server?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect();
    await this.stopServing();
  }

  #serveNode(router: Parameters<Parameters<typeof serveRpc>[0]["routes"]>[0]): void {
    router.service(nodeProto.Node, {
      uploadSnapshot: async ({ snapshotPrefix, snapshotUriPrefix }, context) => {
        const named = { actor: actorOfUri(snapshotUriPrefix), snapshot: snapshotPrefix };
        await this.#act("uploadSnapshot", named, context, () => {
          if (!this.snapshots.has(snapshotPrefix)) throw new ConnectError("no such snapshot", Code.NotFound);
          this.uploaded.add(snapshotUriPrefix);
        });
        return {};
      },
      deleteSnapshot: async ({ snapshotPrefix, snapshotUriPrefix }, context) => {
        const named = { actor: actorOfUri(snapshotUriPrefix), snapshot: snapshotPrefix };
        await this.#act("deleteSnapshot", named, context, () => {
          this.snapshots.delete(snapshotPrefix);
          this.uploaded.delete(snapshotUriPrefix);
        });
        return {};
      },
      endWorkload: async ({ workerUid, generation }, context) => {
        const worker = this.#worker(workerUid);
        await this.#act("endWorkload", { actor: worker.actorId }, context, () => {
          if (generation !== 0n && worker.generation > generation) {
            throw new ConnectError("it runs a newer one", Code.FailedPrecondition);
          }
          worker.becomeBlank();
          this.tellInventory();
        });
        return {};
      },
      forgetActor: () => ({}),
      listImages: () => ({ images: [] }),
    });
  }

  async #start(
    name: "run" | "restore",
    request: atelet.RunRequest | atelet.RestoreRequest,
    snapshot: string,
    context: HandlerContext,
  ): Promise<Record<string, never>> {
    const scope = "scope" in request ? request.scope : 0;
    await this.#act(name, { actor: request.actorId, snapshot, scope }, context, () => {
      const worker = this.#worker(request.targetAteomUid);
      if (worker.state !== nodes.NodeWorker_State.AVAILABLE)
        throw new ConnectError("it is not available", Code.FailedPrecondition);
      this.env.set(
        request.actorId,
        request.spec?.containers[0]?.env.map(({ name, value }) => [name, value]) ?? [],
      );
      worker.execute(generationOf(context), context.requestHeader.get(atespaceHeader) ?? "", request.actorId);
      this.tellInventory();
    });
    return {};
  }

  async #checkpoint(
    request: atelet.CheckpointRequest,
    context: HandlerContext,
  ): Promise<Record<string, never>> {
    const snapshot = snapshotOf(request);
    const { actorId: actor, scope } = request;
    await this.#act("checkpoint", { actor, snapshot, scope }, context, () => {
      const worker = this.#worker(request.targetAteomUid);
      if (worker.state !== nodes.NodeWorker_State.EXECUTING || worker.actorId !== request.actorId) {
        throw new ConnectError("the worker does not run it", Code.NotFound);
      }
      worker.becomeBlank();
      this.snapshots.add(snapshot.split("/").at(-1) ?? "");
      if (snapshot.includes("/")) this.uploaded.add(snapshot);
      this.tellInventory();
    });
    return {};
  }

  /** L6: a repeated operation id is answered with the recorded result. */
  async #act(
    name: NodeCallName,
    about: { readonly actor: string; readonly snapshot?: string; readonly scope?: number },
    context: HandlerContext,
    act: () => void,
  ): Promise<void> {
    const operationId = context.requestHeader.get(operationIdHeader) ?? "";
    const generation = generationOf(context);
    const call: SeenCall = { snapshot: "", scope: 0, ...about, name, generation, operationId };
    this.calls.push(call);
    await this.before(call, context.signal);
    const recorded = operationId === "" ? undefined : this.#results.get(operationId);
    const result = recorded ?? Promise.resolve().then(act);
    result.catch(() => undefined);
    if (operationId !== "") this.#results.set(operationId, result);
    await result;
    await this.after(call);
  }

  #worker(uid: string): FakeWorker {
    const worker = this.workers.find((candidate) => candidate.uid === uid);
    if (!worker) throw new ConnectError(`there is no worker ${uid}`, Code.NotFound);
    return worker;
  }
}

function generationOf({ requestHeader }: HandlerContext): bigint {
  return BigInt(requestHeader.get(generationHeader) ?? "0");
}

function snapshotOf({
  config,
}: atelet.CheckpointRequest | atelet.RestoreRequest | (atelet.RunRequest & { config?: never })): string {
  if (config?.case === "localConfig") return config.value.snapshotPrefix;
  return config?.case === "externalConfig" ? config.value.snapshotUriPrefix : "";
}

/** `…/<atespace>/<actor>/<prefix>` */
function actorOfUri(uri: string): string {
  return uri.split("/").at(-2) ?? "";
}
