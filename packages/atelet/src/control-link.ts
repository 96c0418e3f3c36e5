// The node's stream to the control plane: what is here goes up, what is wanted comes down. The link
// is dialled again for ever; workers and their actors go on without it. Only the newest inventory is
// ever sent, and L11 bounds what else waits.
import { setTimeout as wait } from "node:timers/promises";
import { nodes } from "@agent-substrate/contract";
import { createBackoff, type Logger } from "@agent-substrate/process-kit";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { ConnectError, createClient } from "@connectrpc/connect";
import type { LostWorkload } from "./workers/worker.ts";
import type { WorkerSet } from "./workers/worker-set.ts";

type NodeMessage = MessageInitShape<typeof nodes.NodeMessageSchema>["message"];

export interface ControlLinkOptions {
  /** Of the control plane. */
  readonly address: string;
  readonly hello: MessageInitShape<typeof nodes.NodeHelloSchema>;
  readonly workers: WorkerSet;
  readonly log: Logger;
}

/** Losses that may wait for the control plane; the inventory tells the rest. */
const lossesMax = 1024;

export class ControlLink {
  readonly #options: ControlLinkOptions;
  readonly #ending = new AbortController();
  readonly #lived: Promise<void>;
  #losses: LostWorkload[] = [];
  #inventoryIsOld = true;
  #heartbeatIsDue = false;
  #isConnected = false;
  #wake: () => void = () => undefined;

  constructor(options: ControlLinkOptions) {
    this.#options = options;
    options.workers.events.on("changed", this.#onChange);
    options.workers.events.on("lost", this.#onLoss);
    this.#lived = this.#live();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    const { workers } = this.#options;
    workers.events.off("changed", this.#onChange);
    workers.events.off("lost", this.#onLoss);
    this.#ending.abort();
    await this.#lived;
  }

  readonly #onChange = (): void => {
    this.#inventoryIsOld = true;
    this.#wake();
  };

  readonly #onLoss = (lost: LostWorkload): void => {
    if (this.#losses.length < lossesMax) this.#losses.push(lost);
    this.#wake();
  };

  async #live(): Promise<void> {
    const { signal } = this.#ending;
    const backoff = createBackoff({ minMs: 50, maxMs: 2_000 });
    while (!signal.aborted) {
      try {
        await this.#connect(() => backoff.reset());
      } catch (error) {
        const { code, rawMessage } = ConnectError.from(error);
        if (!signal.aborted) this.#options.log.warn({ code, error: rawMessage }, "control-link-lost");
      }
      await wait(backoff.next(), undefined, { signal }).catch(() => undefined);
    }
  }

  async #connect(onWelcome: () => void): Promise<void> {
    const transport = rpcTransport(this.#options.address);
    const lost = new AbortController();
    const signal = AbortSignal.any([this.#ending.signal, lost.signal]);
    const silence = new Silence(() => lost.abort(new Error("the control plane is silent")));
    let heartbeat: NodeJS.Timeout | undefined;
    this.#inventoryIsOld = true;
    try {
      const client = createClient(nodes.Nodes, transport);
      for await (const { instruction } of client.connect(this.#messages(signal), { signal })) {
        silence.broken();
        switch (instruction.case) {
          case "welcome":
            onWelcome();
            this.#isConnected = true;
            silence.limit(instruction.value.leaseMs);
            clearInterval(heartbeat);
            heartbeat = setInterval(() => this.#beat(), instruction.value.heartbeatIntervalMs);
            break;
          case "desiredWorkers":
            this.#options.workers.want(instruction.value);
            break;
          default:
        }
      }
    } finally {
      this.#isConnected = false;
      clearInterval(heartbeat);
      silence.end();
      lost.abort();
      transport.close();
    }
  }

  #beat(): void {
    this.#heartbeatIsDue = true;
    this.#wake();
  }

  async *#messages(signal: AbortSignal) {
    const onAbort = () => this.#wake();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      yield this.#message({ case: "hello", value: this.#options.hello });
      while (!signal.aborted) {
        // An inventory first: it may be why a loss is understood.
        if (this.#inventoryIsOld) yield this.#inventory();
        else if (this.#losses.length > 0) yield this.#loss();
        else if (this.#heartbeatIsDue) yield this.#heartbeat();
        else await this.#woken();
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #inventory() {
    this.#inventoryIsOld = false;
    const workers = this.#options.workers.describe();
    return this.#message({ case: "inventory", value: { workers } });
  }

  #loss() {
    const [{ workerUid, assignment, reason } = raiseEmpty(), ...rest] = this.#losses;
    this.#losses = rest;
    const { generation, atespace, key } = assignment;
    return this.#message({
      case: "workloadLost",
      value: { workerUid, generation, atespace, actorId: key.actorId, reason },
    });
  }

  #heartbeat() {
    this.#heartbeatIsDue = false;
    return this.#message({ case: "heartbeat", value: {} });
  }

  #message(message: NodeMessage) {
    return create(nodes.NodeMessageSchema, { message: message as NonNullable<NodeMessage> });
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Ends a stream whose other side has said nothing for longer than the lease. */
class Silence {
  readonly #onTooLong: () => void;
  #limitMs = 10_000;
  #timer: NodeJS.Timeout | undefined;

  constructor(onTooLong: () => void) {
    this.#onTooLong = onTooLong;
    this.broken();
  }

  limit(ms: number): void {
    if (ms > 0) this.#limitMs = ms;
    this.broken();
  }

  broken(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onTooLong, this.#limitMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function raiseEmpty(): never {
  throw new Error("no loss is waiting");
}
