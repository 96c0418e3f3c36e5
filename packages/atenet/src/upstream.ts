// The connections to one actor under one generation, and the requests that are in flight on them.
// L14: no connection is used unless, after it was made, the binding still stood and the lease still
// lived: only then is it certain that the worker at its other end is this actor's. Later than that
// an established connection cannot reach a next actor, whose network stack knows nothing of it.
import { connect as connectSocket, type Socket } from "node:net";
import { type Dispatcher, Pool } from "undici";
import type { Binding } from "./binding.ts";
import type { RouteLease } from "./route-lease.ts";

/** Largest head of an answer that is read. */
const answerHeadMaxBytes = 64 * 1024;
/** An unused connection is closed after this time; less than what common servers allow. */
const idleConnectionMs = 4_000;

/** The binding ended, or could not be trusted any more, before the request was answered. */
export class BindingEnded extends Error {
  constructor(binding: Binding) {
    super(`actor ${binding.key} has left generation ${binding.generation}`);
    this.name = "BindingEnded";
  }
}

/** One request or stream on an upstream, from its admission to its end. */
export interface Flight {
  /** Called when the upstream ends under it; for what does not run on the upstream's pools. */
  onCut: (() => void) | undefined;
  /** Idempotent. */
  end(): void;
}

export interface UpstreamOptions {
  readonly binding: Binding;
  readonly lease: RouteLease;
  readonly connectTimeoutMs: number;
  /** The port to dial for an actor's port; identity but in tests. */
  readonly dialPort: (port: number) => number;
  /** A request began, ended, or moved bytes. */
  readonly onTraffic: (upstream: Upstream) => void;
  /** Draining, and nothing is in flight nor will be. May be called again after `drain`. */
  readonly onDrained: (upstream: Upstream) => void;
}

/** Admits requests, then drains, then has ended. */
export class Upstream {
  readonly binding: Binding;
  readonly #options: UpstreamOptions;
  readonly #flights = new Set<Flight>();
  readonly #pools = new Map<number, Pool>();
  readonly #dialing = new Set<Socket>();
  #state: "admitting" | "draining" | "ended" = "admitting";
  #drainTimer: NodeJS.Timeout | undefined;
  /** Of `performance.now()`. */
  lastTrafficMs = performance.now();

  constructor(options: UpstreamOptions) {
    this.binding = options.binding;
    this.#options = options;
  }

  get isAdmitting(): boolean {
    return this.#state === "admitting";
  }

  get hasEnded(): boolean {
    return this.#state === "ended";
  }

  get inFlight(): number {
    return this.#flights.size;
  }

  /** Admits one request; only while admitting. */
  enter(): Flight {
    const flight: Flight = {
      onCut: undefined,
      end: () => {
        if (!this.#flights.delete(flight)) return;
        this.touch();
        // Not at once: this may be a call from inside the very pool that is ended.
        queueMicrotask(() => this.#settle());
      },
    };
    this.#flights.add(flight);
    this.touch();
    return flight;
  }

  /** Notes traffic; idleness is judged by it. */
  touch(): void {
    this.lastTrafficMs = performance.now();
    this.#options.onTraffic(this);
  }

  /** Sends a request that was admitted. */
  dispatch(port: number, options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#pool(port).dispatch(options, handler);
  }

  /** Admits nothing more; after `drainMs` cuts what is in flight. Reports when all is over. */
  drain(drainMs: number): void {
    if (this.#state === "admitting") {
      this.#state = "draining";
      this.#drainTimer = setTimeout(() => this.end(), drainMs).unref();
    }
    this.#settle();
  }

  /** A drain was called off. False if it is too late, and a new upstream is needed. */
  readmit(): boolean {
    if (this.#state === "ended") return false;
    clearTimeout(this.#drainTimer);
    this.#state = "admitting";
    return true;
  }

  /** Cuts everything. */
  end(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    clearTimeout(this.#drainTimer);
    const reason = new BindingEnded(this.binding);
    for (const socket of this.#dialing) socket.destroy(reason);
    for (const pool of this.#pools.values()) void pool.destroy(reason);
    for (const flight of [...this.#flights]) flight.onCut?.();
  }

  #settle(): void {
    if (this.#state === "admitting" || this.#flights.size > 0) return;
    this.end();
    this.#options.onDrained(this);
  }

  #pool(port: number): Pool {
    const known = this.#pools.get(port);
    if (known) return known;
    const { address } = this.binding;
    const host = address.includes(":") ? `[${address}]` : address;
    const dialPort = this.#options.dialPort(port);
    const pool = new Pool(`http://${host}:${dialPort}`, {
      connect: (_options, callback) => this.#dial(dialPort, callback),
      // Streams may be silent for as long as they like; their number is bounded by the listener.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: answerHeadMaxBytes,
      keepAliveTimeout: idleConnectionMs,
    });
    this.#pools.set(port, pool);
    return pool;
  }

  #dial(port: number, callback: (...result: [Error, null] | [null, Socket]) => void): Socket | undefined {
    if (this.#state === "ended") {
      callback(new BindingEnded(this.binding), null);
      return undefined;
    }
    const socket = connectSocket({ host: this.binding.address, port, noDelay: true });
    this.#dialing.add(socket);
    const timer = setTimeout(() => {
      socket.destroy(new Error(`no connection within ${this.#options.connectTimeoutMs} ms`));
    }, this.#options.connectTimeoutMs);
    const settle = (error: Error | null): void => {
      clearTimeout(timer);
      this.#dialing.delete(socket);
      socket.off("connect", onConnect).off("error", settle).off("close", onClose);
      if (!error) {
        callback(null, socket);
        return;
      }
      socket.on("error", () => {}).destroy();
      callback(error, null);
    };
    const onConnect = (): void => {
      const stands = this.#state !== "ended" && this.#options.lease.isLive();
      settle(stands ? null : new BindingEnded(this.binding));
    };
    const onClose = (): void => settle(new BindingEnded(this.binding));
    return socket.on("connect", onConnect).on("error", settle).on("close", onClose);
  }
}
