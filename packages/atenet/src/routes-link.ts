// The stream to the control plane by which bindings come and the lease is kept. L14: the lease is
// prolonged only once the stream's own snapshot is in the table, so that it never covers what an
// earlier stream said and this one does not.
import { setTimeout as delay } from "node:timers/promises";
import { routes } from "@agent-substrate/contract";
import { createBackoff, type Logger } from "@agent-substrate/process-kit";
import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Binding } from "./binding.ts";
import type { Bindings } from "./bindings.ts";
import { Outbox } from "./outbox.ts";
import type { RouteLease } from "./route-lease.ts";

const reconnectWait = { minMs: 20, maxMs: 1_000 };
/** Messages that may wait for the stream; acknowledgements beyond it are lost with the stream. */
const outboxMax = 20_000;
/** What the control plane may ask for. */
const heartbeatMs = { min: 20, max: 10_000 };
const leaseMs = { min: 100, max: 60_000 };

export interface RoutesLinkOptions {
  readonly client: Pick<Client<typeof routes.Routes>, "connect">;
  /** New at each start of the router. */
  readonly routerId: string;
  readonly bindings: Bindings;
  readonly lease: RouteLease;
  /** The lease came to life, or a snapshot replaced the bindings. */
  readonly onUsable: () => void;
  readonly log: Logger;
}

type Message = routes.RouterMessage["message"];

export class RoutesLink {
  readonly #options: RoutesLinkOptions;
  #outbox: Outbox<routes.RouterMessage> | undefined;
  #isLinked = false;
  #isClosing = false;

  constructor(options: RoutesLinkOptions) {
    this.#options = options;
  }

  /** Whether a stream stands, and its snapshot is here. */
  get isLinked(): boolean {
    return this.#isLinked;
  }

  /** Keeps the stream until `signal` aborts; reconnects with bounded waits. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = createBackoff(reconnectWait);
    while (!signal.aborted && !this.#isClosing) {
      const session = new AbortController();
      const onAbort = (): void => session.abort();
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        await this.#converse(session, () => backoff.reset());
        throw new Error("the control plane ended the stream");
      } catch (error) {
        if (!signal.aborted && !this.#isClosing) this.#options.log.warn({ err: error }, "routes link lost");
      } finally {
        signal.removeEventListener("abort", onAbort);
        session.abort();
      }
      if (!signal.aborted && !this.#isClosing)
        await delay(backoff.next(), undefined, { signal }).catch(() => {});
    }
  }

  /**
   * Tells the control plane, by ending this side of the stream in order, that this router uses no
   * binding any more; `run` then returns. False if there is nobody to tell.
   */
  close(): boolean {
    this.#isClosing = true;
    this.#outbox?.close();
    return this.#isLinked;
  }

  /** Nothing is in flight on a draining binding. Lost with a broken stream: the next snapshot asks again. */
  sendDrained({ atespace, actorId, generation }: Binding): void {
    this.#send({
      case: "drained",
      value: create(routes.RouterDrainedSchema, { atespace, actorId, generation }),
    });
  }

  /** Answers whether the message is on its way. */
  sendActivity(activity: routes.RouterActivity): boolean {
    return this.#send({ case: "activity", value: activity });
  }

  #send(message: Message): boolean {
    return this.#outbox?.push(create(routes.RouterMessageSchema, { message })) ?? false;
  }

  async #converse(session: AbortController, onSynced: () => void): Promise<void> {
    const { client, routerId, bindings, lease } = this.#options;
    const outbox = new Outbox<routes.RouterMessage>(outboxMax);
    const heart = new Heart(lease, (sequence) =>
      this.#send({ case: "heartbeat", value: create(routes.RouterHeartbeatSchema, { sequence }) }),
    );
    this.#outbox = outbox;
    this.#send({ case: "hello", value: create(routes.RouterHelloSchema, { routerId }) });
    try {
      for await (const { update } of client.connect(outbox, { signal: session.signal })) {
        switch (update.case) {
          case "welcome":
            heart.start(update.value, () => session.abort(new Error("heartbeats are not answered")));
            break;
          case "snapshot":
            bindings.replaceAll(update.value.bindings);
            heart.allowLease();
            this.#isLinked = true;
            onSynced();
            this.#options.onUsable();
            break;
          case "binding":
            bindings.apply(update.value);
            break;
          case "removed":
            bindings.remove(update.value, update.value.generation);
            break;
          case "heartbeatAnswer":
            if (heart.hear(update.value.sequence)) this.#options.onUsable();
            break;
        }
      }
    } finally {
      heart.stop();
      outbox.close();
      this.#outbox = undefined;
      this.#isLinked = false;
    }
  }
}

/** The heartbeats of one stream. */
class Heart {
  readonly #lease: RouteLease;
  readonly #beat: (sequence: bigint) => boolean;
  /** When each unanswered heartbeat was sent; bounded, for a stream that answers none is ended. */
  readonly #sentMs = new Map<bigint, number>();
  #sequence = 0n;
  #leaseMs = 0;
  #lastAnsweredMs: number | undefined;
  #mayProlong = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(lease: RouteLease, beat: (sequence: bigint) => boolean) {
    this.#lease = lease;
    this.#beat = beat;
  }

  start(welcome: routes.RouterWelcome, onSilence: () => void): void {
    this.stop();
    this.#leaseMs = within(leaseMs, welcome.leaseMs);
    const intervalMs = within(heartbeatMs, Math.min(welcome.heartbeatIntervalMs, this.#leaseMs / 3));
    const unansweredMax = Math.ceil(this.#leaseMs / intervalMs) + 1;
    const beat = (): void => {
      if (this.#sentMs.size >= unansweredMax) {
        onSilence();
        return;
      }
      this.#sequence += 1n;
      this.#sentMs.set(this.#sequence, this.#lease.nowMs());
      this.#beat(this.#sequence);
    };
    this.#timer = setInterval(beat, intervalMs).unref();
    beat();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The snapshot is in the table. */
  allowLease(): void {
    this.#mayProlong = true;
    this.#prolong();
  }

  /** An answered heartbeat. True if the lease came to life by it. */
  hear(sequence: bigint): boolean {
    const sentMs = this.#sentMs.get(sequence);
    if (sentMs === undefined) return false;
    for (const earlier of this.#sentMs.keys()) if (earlier <= sequence) this.#sentMs.delete(earlier);
    this.#lastAnsweredMs = sentMs;
    const wasLive = this.#lease.isLive();
    this.#prolong();
    return !wasLive && this.#lease.isLive();
  }

  #prolong(): void {
    if (this.#mayProlong && this.#lastAnsweredMs !== undefined) {
      this.#lease.extend(this.#lastAnsweredMs, this.#leaseMs);
    }
  }
}

function within({ min, max }: { min: number; max: number }, value: number): number {
  return Math.min(max, Math.max(min, value));
}
