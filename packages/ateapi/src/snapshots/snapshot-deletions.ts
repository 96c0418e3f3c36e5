// Deletes what was superseded. Only snapshots that an actor's record names as retired are touched.
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, raceAbort } from "@agent-substrate/process-kit";
import { ConnectError } from "@connectrpc/connect";
import { type ActorRecord, displayName, type Snapshot } from "../actors/actor-record.ts";
import type { LiveActors } from "../actors/live-actors.ts";
import type { NodeDirectory } from "../nodes/node-directory.ts";

/** Tries in a row; then the next connection of a node or start of the control plane tries again. */
const triesMax = 5;
const retryMinMs = 500;
const deleteTimeoutMs = 60_000;

export class SnapshotDeletions {
  readonly #actors: LiveActors;
  readonly #nodes: NodeDirectory;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();

  constructor(actors: LiveActors, nodes: NodeDirectory, log: Logger) {
    this.#actors = actors;
    this.#nodes = nodes;
    this.#log = log;
    actors.onChange((after) => {
      if (after) this.#start(after);
    });
    nodes.onChange({
      connected: () => {
        for (const actor of actors.all()) this.#start(actor);
      },
    });
  }

  get inFlight(): number {
    return this.#running.size;
  }

  /**
   * Waits for what is being deleted of an actor now, at most until `signal` aborts; what could not be deleted
   * stays in its record.
   */
  async settled(actor: ActorRecord, signal: AbortSignal): Promise<void> {
    this.#start(actor);
    const mine = actor.retired.flatMap(({ prefix }) => this.#running.get(prefix) ?? []);
    await raceAbort(Promise.allSettled(mine), signal).catch(() => undefined);
  }

  stop(): void {
    this.#stopping.abort();
  }

  #start(actor: ActorRecord): void {
    for (const snapshot of actor.retired) {
      if (this.#running.has(snapshot.prefix) || !this.#nodes.find(snapshot.node)) continue;
      const started = this.#delete(actor, snapshot).finally(() => this.#running.delete(snapshot.prefix));
      this.#running.set(snapshot.prefix, started);
      started.catch(() => undefined);
    }
  }

  async #delete(actor: ActorRecord, { prefix, node, uri = "" }: Snapshot): Promise<void> {
    const signal = this.#stopping.signal;
    for (let tries = 1; ; tries++) {
      try {
        const { client } = await this.#nodes.waitFor(node, signal);
        if (await client.offersNode()) {
          const request = { snapshotPrefix: prefix, snapshotUriPrefix: uri };
          await client.node.deleteSnapshot(request, { signal, timeoutMs: deleteTimeoutMs });
        }
        await this.#actors.changeAnyVersion(actor, { kind: "forget-snapshot", prefix });
        return;
      } catch (error) {
        signal.throwIfAborted();
        const { code, rawMessage } = ConnectError.from(error);
        this.#log.warn(
          { actor: displayName(actor), snapshot: prefix, code, error: rawMessage },
          "deletion failed",
        );
        if (tries >= triesMax) throw error;
        await sleep(retryMinMs * 2 ** tries, undefined, { signal });
      }
    }
  }
}
