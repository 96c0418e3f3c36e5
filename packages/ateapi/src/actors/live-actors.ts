// The gate to the store for actors: every write of one goes through here, is then shown to those who
// watch, and what is unsettled is kept in memory as it stands in the store.
import { type ActorPage, isRefusal, type NewActor, type Store } from "../storage/store.ts";
import type { ActorChange } from "./actor-changes.ts";
import { type ActorName, type ActorRecord, displayName, isUnsettled } from "./actor-record.ts";

/** Told of each write after it is durable. `after` is undefined when the actor was removed. */
export type ActorListener = (after: ActorRecord | undefined, before: ActorRecord | undefined) => void;

/** The actors that have a worker, an operation, or snapshots to upload or delete. */
export class LiveActors {
  readonly #store: Store;
  readonly #byUid = new Map<string, ActorRecord>();
  readonly #byName = new Map<string, ActorRecord>();
  readonly #byWorker = new Map<string, ActorRecord>();
  readonly #listeners: ActorListener[] = [];
  readonly #listenersOf = new Map<string, Set<ActorListener>>();
  #lastInheritedGeneration = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads what an earlier control plane left, and shows it to the listeners. */
  async load(): Promise<void> {
    for (const actor of await this.#store.listUnsettledActors()) {
      this.#lastInheritedGeneration = Math.max(this.#lastInheritedGeneration, actor.generation);
      this.#show(actor, undefined);
    }
  }

  /**
   * Whether an earlier control plane bound the actor to its worker. Told by the generation, for a clock
   * may have been set back since.
   */
  isInherited({ generation }: ActorRecord): boolean {
    return generation <= this.#lastInheritedGeneration;
  }

  onChange(listener: ActorListener): void {
    this.#listeners.push(listener);
  }

  /** Listens to one actor; answers how to stop. */
  onChangeOf(uid: string, listener: ActorListener): () => void {
    const listeners = this.#listenersOf.get(uid) ?? new Set();
    this.#listenersOf.set(uid, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listenersOf.delete(uid);
    };
  }

  /** Those in memory, in no order. */
  all(): Iterable<ActorRecord> {
    return this.#byUid.values();
  }

  onWorker(workerUid: string): ActorRecord | undefined {
    return this.#byWorker.get(workerUid);
  }

  /** An actor in memory. */
  find(name: ActorName): ActorRecord | undefined {
    return this.#byName.get(displayName(name));
  }

  /** An actor in memory or in the store. */
  async get(name: ActorName): Promise<ActorRecord | undefined> {
    return this.find(name) ?? (await this.#store.getActor(name));
  }

  /** Sorted by (atespace, actor id). */
  list(page: ActorPage): Promise<ActorRecord[]> {
    return this.#store.listActors(page);
  }

  async create(actor: NewActor): Promise<ActorRecord> {
    const created = await this.#store.createActor(actor);
    this.#show(created, undefined);
    return created;
  }

  /** A compare-and-set on what the caller saw (L2). Rejects with the store's refusals. */
  async change(before: ActorRecord, change: ActorChange): Promise<ActorRecord> {
    const after = await this.#store.changeActor({ uid: before.uid, version: before.version }, change);
    this.#show(after, before);
    return after;
  }

  /**
   * For what holds whatever else happens to the actor (an upload that is done): tried again on the
   * newest version, at most 10 times. Undefined when the actor is gone.
   */
  async changeAnyVersion(actor: ActorRecord, change: ActorChange): Promise<ActorRecord | undefined> {
    for (let tries = 1; ; tries++) {
      const present = await this.get(actor);
      if (present?.uid !== actor.uid) return undefined;
      try {
        return await this.change(present, change);
      } catch (error) {
        if (isRefusal(error, "not-found")) return undefined;
        if (!isRefusal(error, "stale") || tries >= 10) throw error;
      }
    }
  }

  async remove(actor: ActorRecord): Promise<void> {
    await this.#store.removeActor({ uid: actor.uid, version: actor.version });
    this.#forget(actor.uid);
    this.#tell(undefined, actor);
  }

  #show(after: ActorRecord, before: ActorRecord | undefined): void {
    const known = this.#byUid.get(after.uid);
    // Replies arrive in the order of their commits, so what is known is never newer.
    this.#forget(after.uid);
    if (isUnsettled(after)) {
      this.#byUid.set(after.uid, after);
      this.#byName.set(displayName(after), after);
      if (after.assignment) this.#byWorker.set(after.assignment.workerUid, after);
    }
    this.#tell(after, known ?? before);
  }

  #tell(after: ActorRecord | undefined, before: ActorRecord | undefined): void {
    for (const listener of this.#listeners) listener(after, before);
    const uid = (after ?? before)?.uid ?? "";
    for (const listener of [...(this.#listenersOf.get(uid) ?? [])]) listener(after, before);
  }

  #forget(uid: string): void {
    const known = this.#byUid.get(uid);
    if (!known) return;
    this.#byUid.delete(uid);
    this.#byName.delete(displayName(known));
    if (known.assignment) this.#byWorker.delete(known.assignment.workerUid);
  }
}
