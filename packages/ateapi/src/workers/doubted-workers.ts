// A node supervisor that knows the base calls alone cannot be told to end a workload, nor does it say what
// it runs. So after a call whose outcome is not known, and after a loss, its worker may run what no actor
// is bound to any more. So may one that refuses a start because it executes something: what is known of that
// was forgotten with an earlier control plane. It is given to nobody until a checkpoint of that very actor has either ended it,
// into a snapshot that nothing names, or was refused because nothing of it runs there.
import { setTimeout as sleep } from "node:timers/promises";
import type { atelet } from "@agent-substrate/contract";
import { createBackoff, type Logger } from "@agent-substrate/process-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ActorRecord, displayName } from "../actors/actor-record.ts";
import { askExecuting } from "../nodes/ask-executing.ts";
import type { NodeClient } from "../nodes/node-client.ts";
import type { NodeDirectory } from "../nodes/node-directory.ts";
import type { NewEvent } from "../watch/events.ts";
import type { WorkerDirectory } from "./worker-directory.ts";

/** What ends a workload by the base calls. */
export interface LastCheckpoint {
  readonly actor: ActorRecord;
  readonly request: atelet.CheckpointRequest;
  readonly headers: Readonly<Record<string, string>>;
}

interface Doubt extends LastCheckpoint {
  readonly settled: PromiseWithResolvers<void>;
}

const retry = { minMs: 1000, maxMs: 60_000 };
const checkpointTimeoutMs = 10 * 60_000;
/** Beyond this many the oldest doubt about a worker whose node is away is dropped. */
export const doubtsMax = 10_000;

export class DoubtedWorkers {
  readonly #nodes: NodeDirectory;
  readonly #workers: WorkerDirectory;
  readonly #tell: (event: NewEvent) => void;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  /** By worker; while its node is away nothing is tried. */
  readonly #doubts = new Map<string, Doubt>();
  readonly #settling = new Set<string>();

  constructor(nodes: NodeDirectory, workers: WorkerDirectory, tell: (event: NewEvent) => void, log: Logger) {
    this.#nodes = nodes;
    this.#workers = workers;
    this.#tell = tell;
    this.#log = log;
    nodes.onChange({
      connected: ({ name }) => {
        for (const [workerUid, { actor }] of this.#doubts) {
          if (actor.assignment?.node !== name) continue;
          if (workers.get(workerUid)) this.#start(workerUid);
          else this.#drop(workerUid);
        }
      },
    });
    workers.onChange((after, before) => {
      // Its node, which is there, says that it is not; a node that is lost may bring it back.
      if (!after && before && nodes.isLeased(before.node)) this.#drop(before.uid);
    });
  }

  /** Workers that nobody gets. */
  get count(): number {
    return this.#doubts.size;
  }

  /**
   * The actor's worker may still run it; to be called before its record lets go of the worker. Resolves when
   * the worker is known to be blank or is no more, which may be never.
   */
  add(last: LastCheckpoint): Promise<void> {
    const { assignment } = last.actor;
    if (!assignment) throw new Error(`${displayName(last.actor)} has no worker`);
    const { workerUid } = assignment;
    // One more doubt about a worker is settled with the one before, by whoever is at that.
    const settled = this.#doubts.get(workerUid)?.settled ?? Promise.withResolvers<void>();
    this.#doubts.set(workerUid, { ...last, settled });
    if (this.#doubts.size > doubtsMax) this.#dropOldest();
    this.#workers.doubt(
      workerUid,
      `may run what no actor is bound to, since ${displayName(last.actor)} was there`,
    );
    this.#start(workerUid);
    return settled.promise;
  }

  stop(): void {
    this.#stopping.abort();
  }

  #start(workerUid: string): void {
    this.#settle(workerUid).catch((error) => {
      if (!this.#stopping.signal.aborted) this.#log.error({ err: error }, "doubted worker not settled");
    });
  }

  /** Until the worker is blank, or its node is away: it is tried again when that is back. */
  async #settle(workerUid: string): Promise<void> {
    if (this.#settling.has(workerUid)) return;
    this.#settling.add(workerUid);
    const backoff = createBackoff(retry);
    try {
      for (let tries = 1; ; tries++) {
        const doubt = this.#doubts.get(workerUid);
        const session = doubt && this.#nodes.find(doubt.actor.assignment?.node ?? "");
        if (!session) return;
        const error = await lastCall(session.client, doubt, this.#stopping.signal);
        this.#stopping.signal.throwIfAborted();
        if (error !== undefined) {
          this.#warn(doubt, error, tries);
          await sleep(backoff.next(), undefined, { signal: this.#stopping.signal });
        } else if (this.#doubts.get(workerUid) === doubt) {
          this.#drop(workerUid);
          this.#log.info({ worker: workerUid, actor: displayName(doubt.actor) }, "worker is blank");
          return;
        }
      }
    } finally {
      this.#settling.delete(workerUid);
    }
  }

  /** The worker is blank, or is no more. */
  #drop(workerUid: string): void {
    const doubt = this.#doubts.get(workerUid);
    if (!doubt) return;
    this.#doubts.delete(workerUid);
    this.#workers.trust(workerUid);
    doubt.settled.resolve();
  }

  #dropOldest(): void {
    for (const [workerUid, { actor }] of this.#doubts) {
      if (this.#nodes.isLeased(actor.assignment?.node ?? "")) continue;
      this.#log.warn({ worker: workerUid, actor: displayName(actor) }, "doubt dropped: there are too many");
      this.#drop(workerUid);
      return;
    }
  }

  #warn({ actor }: Doubt, error: string, tries: number): void {
    const { atespace, actorId, assignment } = actor;
    const worker = assignment?.workerUid ?? "";
    this.#log.warn({ worker, actor: displayName(actor), error, tries }, "worker in doubt");
    if (tries > 1) return;
    const whose = `worker ${assignment?.podName}, which had ${displayName(actor)}`;
    const message = `${whose}, is given to nobody: it may run what no actor is bound to (${error})`;
    this.#tell({ reason: "WorkerUnknown", message, atespace, actorId, worker });
  }
}

/** Answers why the worker is not known to be blank. One where nothing of the actor runs is as good as one that ended it. */
async function lastCall(
  client: NodeClient,
  { request, headers }: LastCheckpoint,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await client.herder.checkpoint(request, { headers, timeoutMs: checkpointTimeoutMs, signal });
    return undefined;
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    const saysNothingRuns = code === Code.FailedPrecondition || code === Code.NotFound;
    if (!saysNothingRuns) return rawMessage;
    const content = await askExecuting(client, request, headers, signal);
    return content === "blank" ? undefined : rawMessage;
  }
}
