// A node supervisor that is none, and that knows nothing but gRPC and the three base calls: no health, no
// metadata of ours, no operation ids. Its workers are numbers.
import { atelet } from "@agent-substrate/contract";
import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type Message,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import * as grpc from "@grpc/grpc-js";

type Request = atelet.RunRequest | atelet.CheckpointRequest | atelet.RestoreRequest;
type CallName = "run" | "checkpoint" | "restore";

export class BaseNode implements AsyncDisposable {
  /** The actor that each worker executes, "" for none. */
  readonly workers = new Map([
    ["base-0", ""],
    ["base-1", ""],
  ]);
  readonly calls: string[] = [];
  /** Local prefixes and URI prefixes. */
  readonly snapshots = new Set<string>();
  /** Asked before each call acts; a code it answers is what the caller gets instead. */
  refuse: (name: CallName, actorId: string, workerUid: string) => grpc.status | undefined = () => undefined;
  /** Asked after each call acted: true loses the reply. */
  loseReply: (name: CallName, actorId: string) => boolean = () => false;
  /** What it answers who asks for its health. */
  health = grpc.status.UNIMPLEMENTED;
  #server = new grpc.Server();
  #port = 0;

  static async start(): Promise<BaseNode> {
    const node = new BaseNode();
    await node.serve();
    return node;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** What a file of static nodes holds of it. */
  get listing(): string {
    const workers = [...this.workers.keys()].map(
      (uid, index) =>
        `      - { uid: ${uid}, pool: { name: pool }, sandboxClass: foreign, address: 10.9.0.${index + 1} }`,
    );
    return ["nodes:", "  - name: base", `    address: ${this.address}`, "    workers:", ...workers].join(
      "\n",
    );
  }

  /** At the same address again, after `stop`. */
  async serve(): Promise<void> {
    this.#server = new grpc.Server();
    const { method } = atelet.AteomHerder;
    const handlers = {
      run: this.#handler("run", method.run, (request) => this.#begin(request)),
      restore: this.#handler("restore", method.restore, (request) => {
        if (this.workers.get(request.targetAteomUid) === "" && !this.snapshots.has(placeOf(request))) {
          throw refusal(grpc.status.NOT_FOUND, "no such snapshot");
        }
        this.#begin(request);
      }),
      checkpoint: this.#handler("checkpoint", method.checkpoint, (request) => {
        if (this.workers.get(request.targetAteomUid) !== request.actorId) {
          throw refusal(grpc.status.FAILED_PRECONDITION, "the worker does not execute it");
        }
        this.workers.set(request.targetAteomUid, "");
        this.snapshots.add(placeOf(request));
      }),
    };
    const definition = Object.fromEntries(
      Object.entries(handlers).map(([name, { definition }]) => [name, definition]),
    );
    this.#server.addService(
      definition as grpc.ServiceDefinition,
      Object.fromEntries(Object.entries(handlers).map(([name, { handle }]) => [name, handle])),
    );
    this.#server.addService(
      { check: { ...healthCheck, path: "/grpc.health.v1.Health/Check" } },
      { check: (_call: unknown, answer: grpc.sendUnaryData<Buffer>) => answer(refusal(this.health, "")) },
    );
    const credentials = grpc.ServerCredentials.createInsecure();
    this.#port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${this.#port}`, credentials, (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
  }

  #begin({ targetAteomUid, actorId }: Request): void {
    if (this.workers.get(targetAteomUid) !== "") {
      throw refusal(grpc.status.FAILED_PRECONDITION, `is executing ${this.workers.get(targetAteomUid)}`);
    }
    this.workers.set(targetAteomUid, actorId);
  }

  #handler<I extends DescMessage>(
    name: CallName,
    method: DescMethod & { readonly input: I },
    act: (request: MessageShape<I>) => void,
  ) {
    const definition: grpc.MethodDefinition<Message, Message> = {
      path: `/${method.parent.typeName}/${method.name}`,
      requestStream: false,
      responseStream: false,
      // Nobody calls by this definition.
      requestSerialize: () => Buffer.alloc(0),
      requestDeserialize: (bytes) => fromBinary(method.input, bytes),
      responseSerialize: (message) => Buffer.from(toBinary(method.output, message)),
      responseDeserialize: (bytes) => fromBinary(method.output, bytes),
    };
    const handle: grpc.handleUnaryCall<Message, Message> = (call, answer) => {
      const { actorId, targetAteomUid } = call.request as Request;
      this.calls.push(`${name} ${actorId}`);
      try {
        const code = this.refuse(name, actorId, targetAteomUid);
        if (code !== undefined) throw refusal(code, "as the test wants");
        act(call.request as MessageShape<I>);
        if (this.loseReply(name, actorId)) throw refusal(grpc.status.UNAVAILABLE, "the reply was lost");
        answer(null, create(method.output) as MessageShape<typeof method.output>);
      } catch (error) {
        answer(error as grpc.ServiceError);
      }
    };
    return { definition, handle };
  }
}

const keep = (bytes: Buffer) => bytes;
const healthCheck = {
  requestStream: false,
  responseStream: false,
  requestSerialize: keep,
  requestDeserialize: keep,
  responseSerialize: keep,
  responseDeserialize: keep,
};

function placeOf({ config }: atelet.CheckpointRequest | atelet.RestoreRequest): string {
  if (config.case === "localConfig") return config.value.snapshotPrefix;
  return config.case === "externalConfig" ? config.value.snapshotUriPrefix : "";
}

function refusal(code: grpc.status, details: string): Partial<grpc.ServiceError> {
  return { code, details };
}
