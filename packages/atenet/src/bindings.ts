// The router's table of bindings, kept by the Routes stream. L14: a snapshot replaces all; within a
// stream an older generation never replaces a newer one.
import { InvalidInput, routes } from "@agent-substrate/contract";
import { type Binding, parseBinding } from "./binding.ts";
import { type ActorName, actorKey } from "./resolve-target.ts";
import type { RouteLease } from "./route-lease.ts";
import { Upstream, type UpstreamOptions } from "./upstream.ts";

export interface BindingsOptions extends Pick<UpstreamOptions, "connectTimeoutMs" | "onTraffic"> {
  readonly lease: RouteLease;
  readonly dialPort: (binding: Binding, port: number) => number;
  /** An actor's binding came, changed or went. */
  readonly onChange: (key: string) => void;
  /** Nothing is in flight on a draining binding. */
  readonly onDrained: (binding: Binding) => void;
  /** The control plane sent what no binding can be. */
  readonly onInvalid: (message: routes.Binding, error: InvalidInput) => void;
}

export class Bindings {
  readonly #options: BindingsOptions;
  readonly #upstreams = new Map<string, Upstream>();

  constructor(options: BindingsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#upstreams.size;
  }

  /** The upstream of an actor, admitting or not; undefined when it is bound nowhere. */
  find(key: string): Upstream | undefined {
    return this.#upstreams.get(key);
  }

  /** Requests and streams at all actors. */
  get inFlight(): number {
    return this.#upstreams.values().reduce((sum, upstream) => sum + upstream.inFlight, 0);
  }

  /** A snapshot: what it does not hold is bound no more. */
  replaceAll(messages: readonly routes.Binding[]): void {
    const kept = new Set(messages.map((message) => actorKey(message)));
    for (const [key, upstream] of this.#upstreams) {
      if (!kept.has(key)) this.#drop(key, upstream);
    }
    for (const message of messages) {
      const known = this.#upstreams.get(actorKey(message));
      if (known && known.binding.generation > message.generation) this.#drop(known.binding.key, known);
      this.apply(message);
    }
  }

  /** A binding that came or changed. */
  apply(message: routes.Binding): void {
    const binding = this.#parse(message);
    if (!binding) return;
    const known = this.#upstreams.get(binding.key);
    if (known && known.binding.generation > binding.generation) return;
    const isDraining = message.state === routes.Binding_State.DRAINING;
    let upstream = known && isSame(known.binding, binding) ? known : undefined;
    if (upstream && !isDraining && !upstream.readmit()) upstream = undefined;
    if (!upstream) {
      known?.end();
      upstream = this.#open(binding);
      this.#upstreams.set(binding.key, upstream);
    }
    if (isDraining) upstream.drain(message.drainMs);
    this.#options.onChange(binding.key);
  }

  /** A binding that ended. */
  remove(name: ActorName, generation: bigint): void {
    const key = actorKey(name);
    const known = this.#upstreams.get(key);
    if (known && known.binding.generation <= generation) this.#drop(key, known);
  }

  /** Cuts all. */
  end(): void {
    for (const upstream of this.#upstreams.values()) upstream.end();
    this.#upstreams.clear();
  }

  #drop(key: string, upstream: Upstream): void {
    this.#upstreams.delete(key);
    upstream.end();
    this.#options.onChange(key);
  }

  #open(binding: Binding): Upstream {
    const { lease, connectTimeoutMs, dialPort, onTraffic, onDrained } = this.#options;
    return new Upstream({
      binding,
      lease,
      connectTimeoutMs,
      dialPort: (port) => dialPort(binding, port),
      onTraffic,
      onDrained: () => onDrained(binding),
    });
  }

  #parse(message: routes.Binding): Binding | undefined {
    try {
      return parseBinding(message);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      this.#options.onInvalid(message, error);
      return undefined;
    }
  }
}

function isSame(known: Binding, binding: Binding): boolean {
  return (
    known.generation === binding.generation &&
    known.address === binding.address &&
    known.ports.symmetricDifference(binding.ports).size === 0
  );
}
