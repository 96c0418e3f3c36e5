// What the control plane asks of its memory. One contract suite (store-suite.ts) holds for every
// engine; how an actor may change is in actors/actor-changes.ts and the same for all.
//
// Every promise settles after its write is durable. L1: a worker is bound to at most one actor.
// L2: changeActor is a compare-and-set on (uid, version).
import type { ActorChange } from "../actors/actor-changes.ts";
import type { ActorName, ActorRecord } from "../actors/actor-record.ts";
import type { EventRecord } from "../watch/event-record.ts";

/** An actor as its writer last saw it. */
export interface ActorVersion {
  readonly uid: string;
  readonly version: number;
}

export interface NewActor extends ActorName {
  readonly uid: string;
  readonly templateNamespace: string;
  readonly templateName: string;
  readonly golden: boolean;
  readonly workerSelector: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface ActorPage {
  /** "" means all atespaces. */
  readonly atespace: string;
  /** Only actors behind this one, by (atespace, actor id). */
  readonly after?: ActorName;
  /** 1..1000 */
  readonly limit: number;
}

export interface ResourceName {
  readonly kind: string;
  /** "" for what belongs to the cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** A resource as it was applied, with what the control plane says of it. */
export interface ResourceRecord extends ResourceName {
  /** Another one for each creation. */
  readonly uid: string;
  /** Starts at 1 and counts every write. */
  readonly version: number;
  /** The parsed object without its status. */
  readonly object: unknown;
  readonly status: Readonly<Record<string, unknown>>;
}

export interface Store {
  /** Names this store's snapshots apart from those of all others; made once. */
  storeUid(): Promise<string>;

  /** Refused: `exists`. */
  createAtespace(name: string): Promise<void>;
  hasAtespace(name: string): Promise<boolean>;
  /** Sorted by name. */
  listAtespaces(): Promise<string[]>;
  /** Refused: `not-found`, `not-empty`. */
  deleteAtespace(name: string): Promise<void>;

  /** SUSPENDED, version 1. Refused: `no-atespace`, `no-template`, `exists`. */
  createActor(actor: NewActor): Promise<ActorRecord>;
  getActor(name: ActorName): Promise<ActorRecord | undefined>;
  /** Sorted by (atespace, actor id). */
  listActors(page: ActorPage): Promise<ActorRecord[]>;
  /** Those with a worker, an operation, an upload to do or a snapshot to delete. */
  listUnsettledActors(): Promise<ActorRecord[]>;
  /**
   * A `bind` takes a generation that no actor of this store ever had, so that one that was deleted and made
   * again is not taken for its predecessor. Refused: `not-found`, `stale`, `worker-taken`, `not-allowed`.
   */
  changeActor(actor: ActorVersion, change: ActorChange): Promise<ActorRecord>;
  /** Refused: `not-found`, `stale`. */
  removeActor(actor: ActorVersion): Promise<void>;

  /** Sorted by (kind, namespace, name). */
  listResources(): Promise<ResourceRecord[]>;
  /** Creates where `version` is 1, else replaces the version before it. Refused: `exists`, `stale`. */
  putResource(resource: ResourceRecord): Promise<void>;
  /** Refused: `not-found`; `not-empty` for a template that actors are made from. */
  removeResource(name: ResourceName): Promise<void>;

  /** Gives the event its id, which grows. The newest 1000 are kept. */
  appendEvent(event: Omit<EventRecord, "id">): Promise<EventRecord>;
  /** Oldest first. "" means all atespaces. */
  listEvents(atespace: string): Promise<EventRecord[]>;

  /** Removes every actor and atespace. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export type RefusalReason =
  | "exists"
  | "not-found"
  | "no-atespace"
  | "no-template"
  | "not-empty"
  | "stale"
  | "worker-taken"
  | "not-allowed";

/** The store holds something that does not allow the write; nothing was written. */
export class StoreRefusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.name = "StoreRefusal";
    this.reason = reason;
  }
}

export function isRefusal(error: unknown, ...reasons: readonly RefusalReason[]): error is StoreRefusal {
  return error instanceof StoreRefusal && (reasons.length === 0 || reasons.includes(error.reason));
}
