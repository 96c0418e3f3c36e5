// A control plane with a fake node and clients over real sockets, and what tests do with it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ateapi, resources, watch } from "@agent-substrate/contract";
import { createLogger } from "@agent-substrate/process-kit";
import { type RpcTransport, rpcTransport } from "@agent-substrate/rpc-kit";
import type { JsonObject } from "@bufbuild/protobuf";
import { type Client, createClient } from "@connectrpc/connect";
import type { AteapiOptions } from "../options.ts";
import { type Running, startAteapi } from "../start-ateapi.ts";
import { FakeNode, type FakeNodeOptions } from "./fake-node.ts";

export const quickLeases = {
  nodeLease: { heartbeatIntervalMs: 50, leaseMs: 1000, marginMs: 100 },
  routerLease: { heartbeatIntervalMs: 50, leaseMs: 300, marginMs: 50, ackPatienceMs: 200 },
} as const;

export class TestPlane implements AsyncDisposable {
  readonly folder: string;
  running: Running;
  readonly #options: AteapiOptions;
  readonly #nodes: FakeNode[] = [];
  #transport: RpcTransport;
  control: Client<typeof ateapi.Control>;
  resources: Client<typeof resources.Resources>;
  watch: Client<typeof watch.Watch>;

  private constructor(folder: string, options: AteapiOptions, running: Running) {
    this.folder = folder;
    this.#options = options;
    this.running = running;
    this.#transport = rpcTransport(running.controlAddress);
    this.control = createClient(ateapi.Control, this.#transport);
    this.resources = createClient(resources.Resources, this.#transport);
    this.watch = createClient(watch.Watch, this.#transport);
  }

  static async start(options: Partial<AteapiOptions> = {}): Promise<TestPlane> {
    const folder = await mkdtemp(join(tmpdir(), "ateapi-"));
    const complete: AteapiOptions = {
      dataDir: join(folder, "data"),
      listen: { host: "127.0.0.1", port: 0 },
      controlSocket: join(folder, "control.sock"),
      snapshotsLocation: `file://${folder}/snapshots`,
      log: createLogger("ateapi", process.env.ATEAPI_TEST_LOG ?? "silent"),
      ...quickLeases,
      ...options,
    };
    return new TestPlane(folder, complete, await startAteapi(complete));
  }

  /** With a pool, a template, an atespace `a` and a node. */
  static async withNode(
    node: Partial<FakeNodeOptions> = {},
    options: Partial<AteapiOptions> = {},
    templateSpec: JsonObject = {},
  ): Promise<{ plane: TestPlane; node: FakeNode; [Symbol.asyncDispose](): Promise<void> }> {
    const plane = await TestPlane.start(options);
    const fake = await plane.addNode(node);
    await plane.apply(pool());
    await plane.apply(template("counter", templateSpec));
    await plane.control.createAtespace({ name: "a" });
    return { plane, node: fake, [Symbol.asyncDispose]: () => plane[Symbol.asyncDispose]() };
  }

  async addNode(options: Partial<FakeNodeOptions> = {}): Promise<FakeNode> {
    const control = this.running.controlAddress;
    const node = await FakeNode.start({ folder: this.folder, control, ...options });
    this.#nodes.push(node);
    return node;
  }

  /** Stops the control plane and starts another on the same store. Nodes have to connect again. */
  async restart(): Promise<void> {
    this.#transport.close();
    await this.running.stop();
    this.running = await startAteapi(this.#options);
    this.#transport = rpcTransport(this.running.controlAddress);
    this.control = createClient(ateapi.Control, this.#transport);
    this.resources = createClient(resources.Resources, this.#transport);
    this.watch = createClient(watch.Watch, this.#transport);
  }

  async apply(object: JsonObject): Promise<resources.ApplyResourceResponse> {
    return this.resources.applyResource({ object });
  }

  async createActor(name: string, atespace = "a"): Promise<void> {
    await this.control.createActor({
      actorRef: { atespace, name },
      actorTemplateNamespace: "default",
      actorTemplateName: "counter",
    });
  }

  async resume(name: string, atespace = "a"): Promise<ateapi.Actor> {
    const { actor } = await this.control.resumeActor({ actorRef: { atespace, name } });
    return present(actor);
  }

  async suspend(name: string, atespace = "a"): Promise<ateapi.Actor> {
    const { actor } = await this.control.suspendActor({ actorRef: { atespace, name } });
    return present(actor);
  }

  async pause(name: string, atespace = "a"): Promise<ateapi.Actor> {
    const { actor } = await this.control.pauseActor({ actorRef: { atespace, name } });
    return present(actor);
  }

  async get(name: string, atespace = "a"): Promise<ateapi.Actor> {
    const { actor } = await this.control.getActor({ actorRef: { atespace, name } });
    return present(actor);
  }

  /** Waits, by the watch, until an actor has a status. */
  async untilStatus(name: string, status: ateapi.Actor_Status, atespace = "a"): Promise<ateapi.Actor> {
    for await (const { change } of this.watch.watch({ actors: true, atespace })) {
      if (change.case === "actor" && change.value.actorId === name && change.value.status === status)
        return change.value;
    }
    throw new Error("the watch ended");
  }

  /** Waits, by the watch, until a template has a phase. */
  async untilPhase(name: string, phase: string): Promise<JsonObject> {
    for await (const { change } of this.watch.watch({ resources: true })) {
      if (change.case !== "resource" || change.value.name !== name) continue;
      const object = present(change.value.object);
      if ((object.status as JsonObject | undefined)?.phase === phase) return object;
    }
    throw new Error("the watch ended");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes) await node[Symbol.asyncDispose]();
    this.#transport.close();
    await this.running.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function pool(name = "pool", replicas = 2, labels: Record<string, string> = {}): JsonObject {
  return {
    apiVersion: "ate.dev/v1alpha1",
    kind: "WorkerPool",
    metadata: { name, labels },
    spec: { replicas },
  };
}

export function template(name = "counter", spec: JsonObject = {}): JsonObject {
  const container = {
    name: "main",
    image: `local/${name}@sha256:${"0".repeat(64)}`,
    readyz: { httpGet: { port: 80 } },
  };
  return {
    apiVersion: "ate.dev/v1alpha1",
    kind: "ActorTemplate",
    metadata: { name },
    spec: { containers: [container], ...spec },
  };
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("nothing was answered");
  return value;
}
