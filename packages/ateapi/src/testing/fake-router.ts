// A router that is none: it holds a real Routes stream, renews its lease and acknowledges drains.
import { routes } from "@agent-substrate/contract";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { Outbox } from "../streams/outbox.ts";

export class FakeRouter implements AsyncDisposable {
  readonly bindings = new Map<string, routes.Binding>();
  readonly updates: routes.RouteUpdate[] = [];
  acknowledges = true;
  renews = true;
  readonly #outbox = new Outbox<routes.RouterMessage>(1000);
  readonly #ending = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<void>;

  constructor(control: string, routerId: string) {
    this.#send({ case: "hello", value: create(routes.RouterHelloSchema, { routerId }) });
    this.#ended = this.#receive(control);
  }

  static async start(control: string, routerId = "router-1"): Promise<FakeRouter> {
    const router = new FakeRouter(control, routerId);
    await router.until(() => router.updates.some(({ update }) => update.case === "snapshot"));
    return router;
  }

  /** Waits until something holds after an update. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  binding(actor: string): routes.Binding | undefined {
    return this.bindings.get(actor);
  }

  drained(actor: string): void {
    const binding = this.bindings.get(actor);
    if (!binding) return;
    const { atespace, actorId, generation } = binding;
    this.#send({
      case: "drained",
      value: create(routes.RouterDrainedSchema, { atespace, actorId, generation }),
    });
  }

  activity(actor: string, inFlight: number, idleMs = 0): void {
    const { atespace = "", actorId = "", generation = 0n } = this.bindings.get(actor) ?? {};
    const seen = create(routes.ActorActivitySchema, {
      atespace,
      actorId,
      generation,
      inFlight,
      idleMs: BigInt(idleMs),
    });
    this.#send({ case: "activity", value: create(routes.RouterActivitySchema, { actors: [seen] }) });
  }

  /** Ends its side of the stream in order, as a router that stops. */
  async leave(): Promise<void> {
    this.#outbox.end();
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#outbox.end();
    this.#ending.abort();
    await this.#ended;
  }

  async #receive(control: string): Promise<void> {
    const transport = rpcTransport(control);
    const { signal } = this.#ending;
    let heartbeat: NodeJS.Timeout | undefined;
    try {
      for await (const message of createClient(routes.Routes, transport).connect(this.#outbox.read(signal), {
        signal,
      })) {
        this.#take(message);
        if (message.update.case === "welcome") {
          heartbeat = setInterval(() => this.#beat(), message.update.value.heartbeatIntervalMs);
        }
      }
    } catch {
      // The control plane or this stream ended.
    } finally {
      clearInterval(heartbeat);
      transport.close();
    }
  }

  #take(message: routes.RouteUpdate): void {
    const { update } = message;
    const bindings =
      update.case === "snapshot" ? update.value.bindings : update.case === "binding" ? [update.value] : [];
    for (const binding of bindings) {
      const name = `${binding.atespace}/${binding.actorId}`;
      this.bindings.set(name, binding);
      if (binding.state === routes.Binding_State.DRAINING && this.acknowledges) this.drained(name);
    }
    if (update.case === "removed") this.bindings.delete(`${update.value.atespace}/${update.value.actorId}`);
    this.updates.push(message);
    for (const wake of [...this.#waiting]) wake();
    this.#waiting.clear();
  }

  #beat(): void {
    if (this.renews)
      this.#send({ case: "heartbeat", value: create(routes.RouterHeartbeatSchema, { sequence: 1n }) });
  }

  #send(message: routes.RouterMessage["message"]): void {
    this.#outbox.push(create(routes.RouterMessageSchema, { message }));
  }
}
