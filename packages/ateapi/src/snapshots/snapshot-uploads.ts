// Stores committed snapshots elsewhere. An upload is wanted by the record of its snapshot, whatever
// happens to the actor meanwhile (L5); so it goes on over a resume and over a restart.
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, raceAbort } from "@agent-substrate/process-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ActorRecord, awaitsUpload, displayName, type Snapshot } from "../actors/actor-record.ts";
import type { LiveActors } from "../actors/live-actors.ts";
import type { NodeDirectory } from "../nodes/node-directory.ts";

/** Tries in a row; then the next suspend, connection of the node or start of the control plane tries again. */
const triesMax = 6;
const retryMinMs = 200;
const retryMaxMs = 10_000;
/** One try. */
const uploadTimeoutMs = 15 * 60_000;

export class SnapshotUploads {
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
      if (after) this.#startWanted(after);
    });
    nodes.onChange({
      connected: (session) => {
        for (const actor of actors.all()) this.#startWanted(actor, session.name);
      },
    });
  }

  get inFlight(): number {
    return this.#running.size;
  }

  /** Resolves when a snapshot is stored; rejects with why the tries so far have failed. */
  async finished(actor: ActorRecord, snapshot: Snapshot, signal: AbortSignal): Promise<void> {
    await raceAbort(this.#start(actor, snapshot), signal);
  }

  stop(): void {
    this.#stopping.abort();
  }

  #startWanted(actor: ActorRecord, node?: string): void {
    for (const snapshot of actor.snapshots) {
      if (awaitsUpload(snapshot) && (node === undefined || snapshot.node === node)) {
        this.#start(actor, snapshot).catch(() => undefined);
      }
    }
  }

  #start(actor: ActorRecord, snapshot: Snapshot): Promise<void> {
    const running = this.#running.get(snapshot.prefix);
    if (running) return running;
    const started = this.#upload(actor, snapshot).finally(() => this.#running.delete(snapshot.prefix));
    this.#running.set(snapshot.prefix, started);
    return started;
  }

  async #upload(actor: ActorRecord, { prefix, node, uri = "" }: Snapshot): Promise<void> {
    const signal = this.#stopping.signal;
    for (let tries = 1; ; tries++) {
      try {
        const { client } = await this.#nodes.waitFor(node, signal);
        if (!(await client.offersNode())) throw cannotUpload(node);
        const request = { snapshotPrefix: prefix, snapshotUriPrefix: uri };
        await client.node.uploadSnapshot(request, { signal, timeoutMs: uploadTimeoutMs });
        await this.#actors.changeAnyVersion(actor, { kind: "mark-uploaded", prefix });
        return;
      } catch (error) {
        signal.throwIfAborted();
        const { code, rawMessage } = ConnectError.from(error);
        this.#log.warn(
          { actor: displayName(actor), snapshot: prefix, code, error: rawMessage, tries },
          "upload failed",
        );
        if (tries >= triesMax || isRefusal(code) || !this.#nodes.isLeased(node)) throw error;
        await sleep(Math.min(retryMaxMs, retryMinMs * 2 ** tries), undefined, { signal });
      }
    }
  }
}

/** The same call would be answered the same way. */
function isRefusal(code: Code): boolean {
  return [Code.FailedPrecondition, Code.InvalidArgument, Code.NotFound, Code.Unimplemented].includes(code);
}

function cannotUpload(node: string): ConnectError {
  return new ConnectError(
    `node ${node} knows the base calls alone and stores snapshots only as it takes them; resume the actor, then suspend it`,
    Code.FailedPrecondition,
  );
}
