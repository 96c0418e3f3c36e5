import type { nodes } from "@agent-substrate/contract";
import { Outbox } from "../streams/outbox.ts";
import { NodeClient } from "./node-client.ts";

/** Instructions that may wait for a node to read them. */
const instructionsMax = 256;

/** One node supervisor while its stream is up, from its hello on. */
export class NodeSession {
  readonly name: string;
  readonly bootId: string;
  readonly architecture: string;
  readonly startsWorkers: boolean;
  readonly client: NodeClient;
  readonly outbox = new Outbox<nodes.NodeInstruction>(instructionsMax);
  /** Set with the first inventory; before it nothing is known of the node's workers. */
  isConnected = false;

  constructor(hello: nodes.NodeHello) {
    this.name = hello.nodeName;
    this.bootId = hello.bootId;
    this.architecture = hello.architecture;
    this.startsWorkers = hello.startsWorkers;
    this.client = new NodeClient(hello.herderAddress);
  }

  close(): void {
    this.outbox.end();
    this.client.close();
  }
}
