// The stream of a fake node to the control plane: a real one, with heartbeats.
import { nodes } from "@agent-substrate/contract";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { Outbox } from "../streams/outbox.ts";

type NodeMessage = MessageInitShape<typeof nodes.NodeMessageSchema>["message"];

export interface FakeNodeLinkOptions {
  readonly control: string;
  readonly name: string;
  /** Where the node answers calls. */
  readonly herderAddress: string;
  onDesired(desired: nodes.DesiredWorkers): void;
}

export class FakeNodeLink {
  readonly welcomed: Promise<void>;
  readonly #outbox = new Outbox<nodes.NodeMessage>(1000);
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;

  constructor(options: FakeNodeLinkOptions) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.welcomed = promise;
    const hello = {
      nodeName: options.name,
      bootId: "boot",
      herderAddress: options.herderAddress,
      architecture: "amd64",
      startsWorkers: true,
    };
    this.send({ case: "hello", value: hello });
    this.#ended = this.#receive(options, resolve).finally(resolve);
  }

  send(message: NodeMessage): void {
    this.#outbox.push(create(nodes.NodeMessageSchema, { message }));
  }

  async close(): Promise<void> {
    this.#outbox.end();
    this.#ending.abort();
    await this.#ended;
  }

  async #receive({ control, onDesired }: FakeNodeLinkOptions, welcomed: () => void): Promise<void> {
    const transport = rpcTransport(control);
    const { signal } = this.#ending;
    let heartbeat: NodeJS.Timeout | undefined;
    try {
      const stream = createClient(nodes.Nodes, transport).connect(this.#outbox.read(signal), { signal });
      for await (const { instruction } of stream) {
        if (instruction.case === "welcome") {
          const { heartbeatIntervalMs } = instruction.value;
          heartbeat = setInterval(() => this.send({ case: "heartbeat", value: {} }), heartbeatIntervalMs);
          welcomed();
        } else if (instruction.case === "desiredWorkers") onDesired(instruction.value);
      }
    } catch {
      // The control plane or this stream ended.
    } finally {
      clearInterval(heartbeat);
      transport.close();
    }
  }
}
