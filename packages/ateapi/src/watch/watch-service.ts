import { validateDns1123Label, watch } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import type { Store } from "../storage/store.ts";
import { Outbox } from "../streams/outbox.ts";
import type { Change, ChangeFeed } from "./change-feed.ts";
import { eventMessage } from "./events.ts";

/** Changes that may wait for one reader. */
const waitingMax = 20_000;

/** Says everything that is, as changes. */
export type ListEverything = (wanted: watch.WatchRequest) => AsyncIterable<Change>;

/** Serves `substrate.v1.Watch`. */
export function watchService(
  feed: ChangeFeed,
  store: Store,
  listEverything: ListEverything,
): ServiceImpl<typeof watch.Watch> {
  return {
    async *watch(request, context) {
      if (request.atespace !== "") validateDns1123Label("atespace", request.atespace);
      const outbox = new Outbox<watch.WatchResponse>(waitingMax);
      const unsubscribe = feed.subscribe((response) => {
        if (isWanted(request, response.change)) outbox.push(response, tooSlow());
      });
      try {
        const { version } = feed;
        const missed = request.resumeAfter > 0n ? feed.since(request.resumeAfter) : undefined;
        if (missed) {
          // What was published since the subscription waits in the outbox already.
          yield* missed.filter(
            (response) => response.version <= version && isWanted(request, response.change),
          );
        } else {
          for await (const change of listEverything(request))
            yield create(watch.WatchResponseSchema, { version, change });
        }
        const change = { case: "synced", value: create(watch.SyncedSchema) } as const;
        yield create(watch.WatchResponseSchema, { version, change });
        yield* outbox.read(context.signal);
      } finally {
        unsubscribe();
      }
    },
    async listEvents(request) {
      if (request.atespace !== "") validateDns1123Label("atespace", request.atespace);
      return { events: (await store.listEvents(request.atespace)).map(eventMessage) };
    },
  };
}

function isWanted(wanted: watch.WatchRequest, change: Change): boolean {
  const inAtespace = (atespace: string) => wanted.atespace === "" || wanted.atespace === atespace;
  switch (change.case) {
    case "actor":
    case "actorDeleted":
      return wanted.actors && inAtespace(change.value.atespace);
    case "worker":
    case "workerDeleted":
      return wanted.workers;
    case "resource":
    case "resourceDeleted":
      return wanted.resources;
    case "event":
      return wanted.events && inAtespace(change.value.atespace);
    default:
      return true;
  }
}

function tooSlow(): ConnectError {
  return new ConnectError(
    "too many changes wait to be read; resume after the last one",
    Code.ResourceExhausted,
  );
}
