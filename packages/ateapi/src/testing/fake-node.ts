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
import { rpcTransport, serveRpc } from "@agent-substrate/rpc-kit";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type HandlerContext } from "@connectrpc/connect";
import { Outbox } from "../streams/outbox.ts";
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
  #stream: { outbox: Outbox<nodes.NodeMessage>; close(): void; ended: Promise<void> } | undefined;

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

  /** Names of the calls about one actor, in order. */
  callsOf(actor: string): string[] {
    return this.calls.filter((call) => call.actor === actor).map(({ name }) => name);
  }

  async serve(): Promise<void> {
    const { baseOnly } = this.#options;
    this.#server = await serveRpc({
      services: [ateletProto.AteomHerder],
      listen: { unixPath: join(this.#options.folder, `${this.name}.sock`) },
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
    const transport = rpcTransport(this.#options.control);
    const outbox = new Outbox<nodes.NodeMessage>(1000);
    const ending = new AbortController();
    const welcomed = Promise.withResolvers<void>();
    const receive = async () => {
      let heartbeat: NodeJS.Timeout | undefined;
      try {
        const messages = outbox.read(ending.signal);
        for await (const { instruction } of createClient(nodes.Nodes, transport).connect(messages, {
          signal: ending.signal,
        })) {
          if (instruction.case === "welcome") {
            heartbeat = setInterval(() => this.#send("heartbeat"), instruction.value.heartbeatIntervalMs);
            welcomed.resolve();
          } else if (instruction.case === "desiredWorkers") {
            this.desired = instruction.value;
            for (const wake of [...this.#desiredWaiters]) wake();
          }
        }
      } catch {
        // The control plane or this stream ended.
      } finally {
        clearInterval(heartbeat);
        transport.close();
        welcomed.resolve();
      }
    };
    this.#stream = {
      outbox,
      close: () => {
        outbox.end();
        ending.abort();
      },
      ended: receive(),
    };
    const hello = create(nodes.NodeHelloSchema, {
      nodeName: this.name,
      bootId: "boot",
      herderAddress: `unix:${join(this.#options.folder, `${this.name}.sock`)}`,
      architecture: "amd64",
      startsWorkers: true,
    });
    outbox.push(create(nodes.NodeMessageSchema, { message: { case: "hello", value: hello } }));
    this.tellInventory();
    await welcomed.promise;
  }

  tellInventory(): void {
    const value = create(nodes.NodeInventorySchema, {
      workers: this.workers.map((worker) => worker.describe()),
      localSnapshots: [...this.snapshots],
    });
    this.#stream?.outbox.push(create(nodes.NodeMessageSchema, { message: { case: "inventory", value } }));
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
    const { generation, atespace, actorId } = worker;
    const value = create(nodes.WorkloadLostSchema, {
      workerUid: worker.uid,
      generation,
      atespace,
      actorId,
      reason,
    });
    this.#stream?.outbox.push(create(nodes.NodeMessageSchema, { message: { case: "workloadLost", value } }));
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
    this.#stream?.close();
    await this.#stream?.ended;
  }

  async stopServing(): Promise<void> {
    await this.#server?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect();
    await this.stopServing();
  }

  #send(kind: "heartbeat"): void {
    const value = create(nodes.NodeHeartbeatSchema);
    this.#stream?.outbox.push(create(nodes.NodeMessageSchema, { message: { case: kind, value } }));
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
