import { once } from "node:events";
import { open } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { type RefusalReason, type Store, StoreRefusal } from "../store.ts";
import type { StoreReply, StoreRequest, StoreVerb } from "./verbs.ts";

/** Calls that may wait for the thread; one more fails at once. */
const pendingMax = 10_000;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const verbs: { readonly [V in StoreVerb]: true } = {
  storeUid: true,
  createAtespace: true,
  hasAtespace: true,
  listAtespaces: true,
  deleteAtespace: true,
  createActor: true,
  getActor: true,
  listActors: true,
  listUnsettledActors: true,
  changeActor: true,
  removeActor: true,
  listResources: true,
  putResource: true,
  removeResource: true,
  appendEvent: true,
  listEvents: true,
  clear: true,
};

/** Told once when the store's thread dies by itself; every call fails from then on. */
export type StoreLost = (failure: Error) => void;

/**
 * Opens or creates the database at `path` (0600), in a thread of its own. Fails where the file is no store,
 * another process has it open, or a newer program wrote it.
 */
export async function openSqliteStore(path: string, lost: StoreLost = () => undefined): Promise<Store> {
  // The files beside it get its mode from SQLite.
  await (await open(path, "a", 0o600)).close();
  const thread = new Worker(new URL("./store-thread.ts", import.meta.url), {
    workerData: { path },
    // Flags of this process, such as an --input-type, mean nothing to the thread.
    execArgv: [],
  });
  await once(thread, "message");
  return new ThreadedStore(thread, lost).calls;
}

class ThreadedStore {
  readonly calls: Store;
  readonly #thread: Worker;
  readonly #lost: StoreLost;
  readonly #exited: Promise<unknown>;
  readonly #pending = new Map<number, Pending>();
  #turn: StoreRequest[] = [];
  #nextId = 1;
  #failure: Error | undefined;
  #closing = false;

  constructor(thread: Worker, lost: StoreLost) {
    this.#thread = thread;
    this.#lost = lost;
    this.#exited = new Promise((resolve) => thread.once("exit", resolve));
    thread.on("message", (replies: readonly StoreReply[]) => this.#settle(replies));
    thread.on("error", (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    thread.on("exit", () => this.#fail(new Error("the store is closed")));
    const sent = Object.keys(verbs).map((verb) => [
      verb,
      (...args: readonly unknown[]) => this.#call(verb as StoreVerb, args),
    ]);
    this.calls = { ...Object.fromEntries(sent), close: () => this.#close() } as Store;
  }

  #call(verb: StoreVerb, args: readonly unknown[]): Promise<unknown> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#pending.size >= pendingMax)
      return Promise.reject(new Error("too many calls wait for the store"));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      if (this.#turn.length === 0) setImmediate(() => this.#flush());
      this.#turn.push({ id, verb, args });
    });
  }

  #flush(): void {
    const turn = this.#turn;
    this.#turn = [];
    if (turn.length > 0 && !this.#failure) this.#thread.postMessage(turn);
  }

  #settle(replies: readonly StoreReply[]): void {
    for (const reply of replies) {
      const pending = this.#pending.get(reply.id);
      this.#pending.delete(reply.id);
      if (reply.outcome === "done") pending?.resolve(reply.value);
      else if (reply.outcome === "failed") pending?.reject(new Error(`the store failed: ${reply.message}`));
      else pending?.reject(new StoreRefusal(reply.reason as RefusalReason, reply.message));
    }
  }

  #fail(failure: Error): void {
    if (!this.#failure && !this.#closing) this.#lost(failure);
    this.#failure ??= failure;
    for (const pending of this.#pending.values()) pending.reject(this.#failure);
    this.#pending.clear();
  }

  async #close(): Promise<void> {
    this.#closing = true;
    if (!this.#failure) {
      this.#flush();
      this.#thread.postMessage("close");
    }
    await this.#exited;
  }
}
