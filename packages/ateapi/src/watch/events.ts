import { watch } from "@agent-substrate/contract";
import type { Logger } from "@agent-substrate/process-kit";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Store } from "../storage/store.ts";
import type { ChangeFeed } from "./change-feed.ts";
import type { EventRecord } from "./event-record.ts";

export type NewEvent = Pick<EventRecord, "reason" | "message"> & Partial<Omit<EventRecord, "id">>;

/** Keeps and publishes what happened. Nobody waits for it, and a lost event loses nothing else. */
export class Events {
  readonly #store: Store;
  readonly #feed: ChangeFeed;
  readonly #log: Logger;

  constructor(store: Store, feed: ChangeFeed, log: Logger) {
    this.#store = store;
    this.#feed = feed;
    this.#log = log;
  }

  record(event: NewEvent): void {
    const complete = {
      time: Date.now(),
      atespace: "",
      actorId: "",
      worker: "",
      operationId: "",
      phases: [],
      ...event,
    };
    this.#store.appendEvent(complete).then(
      (kept) => this.#feed.publish({ case: "event", value: eventMessage(kept) }),
      (error) => this.#log.warn({ err: error, reason: event.reason }, "event lost"),
    );
  }
}

export function eventMessage(event: EventRecord): watch.Event {
  return create(watch.EventSchema, {
    id: BigInt(event.id),
    time: timestampFromMs(event.time),
    reason: event.reason,
    message: event.message,
    atespace: event.atespace,
    actorId: event.actorId,
    worker: event.worker,
    operationId: event.operationId,
    phases: event.phases.map((phase) => create(watch.PhaseSchema, phase)),
  });
}
