// What an item works with: calls as a control plane makes them that knows the base contract alone, and the
// actors that it starts. Whatever an item leaves running is ended before the next one begins.
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { atelet, node } from "@agent-substrate/contract";
import { type RpcTransport, rpcTransport } from "@agent-substrate/rpc-kit";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type CallOptions, type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import { expect } from "../expect.ts";
import { NotRun, Violation } from "../violation.ts";
import { httpRequest } from "../world/http.ts";
import type { NodeSettings, NodeWorkerAddress } from "./node-settings.ts";

export type Place = { readonly local: string } | { readonly external: string };
type Message = MessageInitShape<typeof atelet.CheckpointRequestSchema>;
type Changes = Partial<Omit<Message, "$typeName">>;

const callTimeoutMs = 120_000;

export interface Count {
  readonly memory: number;
  readonly file: number;
}

export class NodeBench implements AsyncDisposable {
  readonly settings: NodeSettings;
  readonly herder: Client<typeof atelet.AteomHerder>;
  readonly node: Client<typeof node.Node>;
  readonly #transport: RpcTransport;
  readonly #signal: AbortSignal;
  /** Worker -> actor that may run there. */
  readonly #started = new Map<string, string>();
  readonly #stored: string[] = [];

  constructor(settings: NodeSettings, signal: AbortSignal) {
    this.settings = settings;
    this.#signal = signal;
    this.#transport = rpcTransport(settings.address, { protocol: "grpc" });
    this.herder = createClient(atelet.AteomHerder, this.#transport);
    this.node = createClient(node.Node, this.#transport);
  }

  worker(index = 0): NodeWorkerAddress {
    const worker = this.settings.workers[index];
    if (!worker) throw new NotRun("it needs another worker");
    return worker;
  }

  newActor(): string {
    return `actor-${randomBytes(6).toString("hex")}`;
  }

  newLocal(): { readonly local: string } {
    return { local: `conformance-${randomBytes(8).toString("hex")}` };
  }

  /** A prefix in the snapshot folder; removed at the end. */
  newExternal(): { readonly external: string; readonly folder: string } {
    const folder = join(this.settings.snapshots, `conformance-${randomBytes(8).toString("hex")}`);
    this.#stored.push(folder);
    return { external: `file://${folder}`, folder };
  }

  /** Boots an actor; `changes` spoil the request. */
  async run(
    worker: NodeWorkerAddress,
    actorId: string,
    changes: Partial<Omit<MessageInitShape<typeof atelet.RunRequestSchema>, "$typeName">> = {},
    options: CallOptions = {},
  ): Promise<void> {
    const request = { ...this.#target(worker, actorId), sandboxAssets: this.assets(), ...changes };
    await this.#starting(worker, actorId, () =>
      this.herder.run(create(atelet.RunRequestSchema, request), this.#options(options)),
    );
  }

  async checkpoint(
    worker: NodeWorkerAddress,
    actorId: string,
    place: Place,
    changes: Changes = {},
    options: CallOptions = {},
  ): Promise<void> {
    const request = { ...this.#target(worker, actorId), ...placed(place), ...changes };
    await this.herder.checkpoint(create(atelet.CheckpointRequestSchema, request), this.#options(options));
    this.#started.delete(worker.uid);
  }

  async restore(
    worker: NodeWorkerAddress,
    actorId: string,
    place: Place,
    changes: Changes = {},
    options: CallOptions = {},
  ): Promise<void> {
    const request = { ...this.#target(worker, actorId), ...placed(place), ...changes };
    await this.#starting(worker, actorId, () =>
      this.herder.restore(create(atelet.RestoreRequestSchema, request as never), this.#options(options)),
    );
  }

  /** What the actor on a worker counts now. */
  async count({ address }: NodeWorkerAddress): Promise<Count> {
    let text: string;
    try {
      ({ text } = await httpRequest({ host: address, path: "/", method: "POST" }));
    } catch (error) {
      throw new Violation(`the actor did not answer POST / at ${address}:80: ${(error as Error).message}`);
    }
    const { memory, file } = JSON.parse(text) as Count;
    expect(
      Number.isInteger(memory) && Number.isInteger(file),
      `POST / was answered with ${text.slice(0, 200)}; the image should count there`,
    );
    return { memory, file };
  }

  /** Nobody answers at a worker's port 80. */
  async expectSilence({ address }: NodeWorkerAddress): Promise<void> {
    const answer = await httpRequest({ host: address, path: "/", method: "POST", timeoutMs: 1000 }).catch(
      () => undefined,
    );
    if (answer) throw new Violation(`somebody still answers at ${address}:80: ${answer.text.slice(0, 200)}`);
  }

  assets(architecture = this.settings.architecture): Omit<atelet.SandboxAssets, "$typeName" | "$unknown"> {
    const { sandboxClass, assets } = this.settings;
    const files = Object.fromEntries(
      Object.entries(assets).map(([name, file]) => [name, create(atelet.AssetFileSchema, file)]),
    );
    return { sandboxClass, assets: { [architecture]: create(atelet.ArchAssetsSchema, { files }) } };
  }

  /** The workload with one container, as `changes` have it. */
  spec(changes: Partial<Omit<MessageInitShape<typeof atelet.ContainerSchema>, "$typeName">> = {}) {
    const { image, pauseImage } = this.settings;
    const readyz = { httpGet: { path: "/readyz", port: 80 } };
    return create(atelet.WorkloadSpecSchema, {
      pauseImage,
      containers: [{ name: "app", image, readyz, ...changes }],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [uid, actorId] of this.#started) {
      const worker = this.settings.workers.find((candidate) => candidate.uid === uid);
      // Refused where nothing runs any more.
      if (worker) await this.#end(worker, actorId).catch(() => undefined);
    }
    this.#transport.close();
    for (const folder of this.#stored) await rm(folder, { recursive: true, force: true });
  }

  /** What a node refused it does not run; with every other failure it may. */
  async #starting(worker: NodeWorkerAddress, actorId: string, start: () => Promise<unknown>): Promise<void> {
    try {
      await start();
      this.#started.set(worker.uid, actorId);
    } catch (error) {
      const { code } = ConnectError.from(error);
      const isUnknown = [Code.Unavailable, Code.Canceled, Code.DeadlineExceeded].includes(code);
      if (isUnknown) this.#started.set(worker.uid, actorId);
      throw error;
    }
  }

  async #end(worker: NodeWorkerAddress, actorId: string): Promise<void> {
    const request = { ...this.#target(worker, actorId), ...placed(this.newExternal()) };
    await this.herder.checkpoint(create(atelet.CheckpointRequestSchema, request), {
      timeoutMs: callTimeoutMs,
    });
  }

  #target({ uid }: NodeWorkerAddress, actorId: string) {
    return {
      targetAteomUid: uid,
      actorTemplateNamespace: "default",
      actorTemplateName: "conformance",
      actorId,
      spec: this.spec(),
    };
  }

  #options(options: CallOptions): CallOptions {
    return { timeoutMs: callTimeoutMs, signal: this.#signal, ...options };
  }
}

/** Type, configuration and the scope FULL. */
export function placed(place: Place) {
  const { LOCAL, EXTERNAL } = atelet.CheckpointType;
  const scope = atelet.SnapshotScope.FULL;
  if ("local" in place) {
    const value = create(atelet.LocalCheckpointConfigurationSchema, { snapshotPrefix: place.local });
    return { scope, type: LOCAL, config: { case: "localConfig" as const, value } };
  }
  const value = create(atelet.ExternalCheckpointConfigurationSchema, { snapshotUriPrefix: place.external });
  return { scope, type: EXTERNAL, config: { case: "externalConfig" as const, value } };
}
