// Which nodes there are. A node is known from its hello until its lease ends without a renewal: its
// stream may break and come back meanwhile, and its workers stay.
//
// L13: lease clocks start anew with the control plane, so that its own outage reverts nobody.
import { Code, ConnectError } from "@connectrpc/connect";
import type { NodeSession } from "./node-session.ts";

export interface NodeLease {
  readonly heartbeatIntervalMs: number;
  readonly leaseMs: number;
  /** Added before actors are revived elsewhere: a node ends its side of the lease before that. */
  readonly marginMs: number;
}

export const defaultNodeLease: NodeLease = { heartbeatIntervalMs: 1000, leaseMs: 10_000, marginMs: 2000 };

interface KnownNode {
  session: NodeSession | undefined;
  expiry: NodeJS.Timeout;
  renewedAt: number;
}

/** How often this process looks whether it was stopped itself. */
const stallCheckMs = 250;

export interface NodeListener {
  /** A node said which workers it has, for the first time since it connected. */
  connected?(session: NodeSession): void;
  /** The lease ended: the node's workers are lost. */
  lost?(nodeName: string): void;
}

export class NodeDirectory {
  readonly lease: NodeLease;
  readonly #nodes = new Map<string, KnownNode>();
  readonly #listeners: NodeListener[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #stallCheck: NodeJS.Timeout;
  #lookedAt = performance.now();
  #stalledAt = Number.NEGATIVE_INFINITY;

  constructor(lease: NodeLease = defaultNodeLease) {
    this.lease = lease;
    this.#stallCheck = setInterval(() => this.#lookForStall(), stallCheckMs);
    this.#stallCheck.unref();
  }

  onChange(listener: NodeListener): void {
    this.#listeners.push(listener);
  }

  /** Expects a node that held workers before this control plane started: it has one lease to connect. */
  expect(nodeName: string): void {
    if (!this.#nodes.has(nodeName)) this.#renew(nodeName, undefined);
  }

  /** Replaces an earlier stream of the same node. */
  register(session: NodeSession): void {
    this.#nodes.get(session.name)?.session?.close();
    this.#renew(session.name, session);
  }

  /** The session told its inventory. */
  reported(session: NodeSession): void {
    if (session.isConnected || this.isReplaced(session)) return;
    session.isConnected = true;
    for (const listener of this.#listeners) listener.connected?.(session);
    this.#wakeAll();
  }

  /** Another stream of the same node came after this one. */
  isReplaced(session: NodeSession): boolean {
    return this.#nodes.get(session.name)?.session !== session;
  }

  heartbeat(session: NodeSession): void {
    if (!this.isReplaced(session)) this.#renew(session.name, session);
  }

  /** The stream broke; the lease lives on. */
  unregister(session: NodeSession): void {
    const known = this.#nodes.get(session.name);
    if (known?.session === session) known.session = undefined;
    session.close();
  }

  /** Nodes whose workers are known, in the order of their names. */
  connected(): NodeSession[] {
    return [...this.#nodes.values()]
      .flatMap(({ session }) => (session?.isConnected ? [session] : []))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(nodeName: string): NodeSession | undefined {
    const session = this.#nodes.get(nodeName)?.session;
    return session?.isConnected ? session : undefined;
  }

  /** Holds a lease, whether or not its stream is up at the moment. */
  isLeased(nodeName: string): boolean {
    return this.#nodes.has(nodeName);
  }

  /** Waits for a node that holds a lease to be connected. UNAVAILABLE once it is lost. */
  async waitFor(nodeName: string, signal: AbortSignal): Promise<NodeSession> {
    for (;;) {
      signal.throwIfAborted();
      const session = this.find(nodeName);
      if (session) return session;
      if (!this.isLeased(nodeName)) {
        throw new ConnectError(`node ${nodeName} is not connected`, Code.Unavailable);
      }
      await this.#nextChange(signal);
    }
  }

  close(): void {
    clearInterval(this.#stallCheck);
    for (const { session, expiry } of this.#nodes.values()) {
      clearTimeout(expiry);
      session?.close();
    }
    this.#nodes.clear();
    this.#wakeAll();
  }

  #renew(nodeName: string, session: NodeSession | undefined): void {
    clearTimeout(this.#nodes.get(nodeName)?.expiry);
    const expiry = setTimeout(() => this.#expire(nodeName), this.lease.leaseMs + this.lease.marginMs);
    this.#nodes.set(nodeName, { session, expiry, renewedAt: performance.now() });
  }

  /** Heartbeats that came while this process was stopped or overloaded are unread: its own outage reverts nobody. */
  #expire(nodeName: string): void {
    const known = this.#nodes.get(nodeName);
    if (known && this.#stalledAt > known.renewedAt) this.#renew(nodeName, known.session);
    else this.#lose(nodeName, known);
  }

  #lookForStall(): void {
    const now = performance.now();
    if (now - this.#lookedAt > stallCheckMs + this.lease.heartbeatIntervalMs) this.#stalledAt = now;
    this.#lookedAt = now;
  }

  #lose(nodeName: string, known: KnownNode | undefined): void {
    this.#nodes.delete(nodeName);
    known?.session?.close();
    for (const listener of this.#listeners) listener.lost?.(nodeName);
    this.#wakeAll();
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
