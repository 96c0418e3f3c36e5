// Shows what changes in the actors, workers and resources to those who watch.
import { ateapi, type watch } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { actorMessage } from "../actors/actor-message.ts";
import type { ActorRecord } from "../actors/actor-record.ts";
import type { LiveActors } from "../actors/live-actors.ts";
import { isMissing } from "../pools/pool-failure.ts";
import type { ResourceCatalog } from "../resources/resource-catalog.ts";
import { removedResourceMessage, resourceMessage } from "../resources/resource-message.ts";
import type { Store } from "../storage/store.ts";
import type { WorkerDirectory } from "../workers/worker-directory.ts";
import { workerMessage } from "../workers/worker-message.ts";
import type { Change, ChangeFeed } from "./change-feed.ts";
import { eventMessage } from "./events.ts";

export interface WatchedParts {
  readonly store: Store;
  readonly actors: LiveActors;
  readonly workers: WorkerDirectory;
  readonly catalog: ResourceCatalog;
}

/** Publishes from now on. */
export function publishChanges(feed: ChangeFeed, { actors, workers, catalog }: WatchedParts): void {
  const publishWorker = (uid: string | undefined) => {
    const worker = uid === undefined ? undefined : workers.get(uid);
    if (worker && !isMissing(worker))
      feed.publish({ case: "worker", value: workerMessage(worker, actors.onWorker(worker.uid)) });
  };
  actors.onChange((after, before) => {
    if (after) feed.publish({ case: "actor", value: actorMessage(after) });
    else if (before) feed.publish({ case: "actorDeleted", value: actorRef(before) });
    const [now, then] = [after?.assignment?.workerUid, before?.assignment?.workerUid];
    if (now !== then) {
      publishWorker(then);
      publishWorker(now);
    }
  });
  workers.onChange((after, before) => {
    if (after) publishWorker(after.uid);
    else if (before && !isMissing(before)) feed.publish({ case: "workerDeleted", value: before.uid });
  });
  catalog.onChange((after, before) => {
    if (after) feed.publish({ case: "resource", value: resourceMessage(after) });
    else if (before) feed.publish({ case: "resourceDeleted", value: removedResourceMessage(before) });
  });
}

/** What a reader that asks for `wanted` is told first. */
export async function* listEverything(
  { store, actors, workers, catalog }: WatchedParts,
  wanted: watch.WatchRequest,
): AsyncGenerator<Change> {
  const { atespace } = wanted;
  if (wanted.resources) {
    for (const kind of ["SandboxConfig", "WorkerPool", "ActorTemplate", "Secret"]) {
      for (const resource of catalog.list(kind, ""))
        yield { case: "resource", value: resourceMessage(resource) };
    }
  }
  if (wanted.workers) {
    for (const worker of workers.all()) {
      if (isMissing(worker)) continue;
      yield { case: "worker", value: workerMessage(worker, actors.onWorker(worker.uid)) };
    }
  }
  if (wanted.actors) {
    let after: ActorRecord | undefined;
    do {
      const page = await store.listActors({ atespace, limit: 1000, ...(after && { after }) });
      for (const actor of page) yield { case: "actor", value: actorMessage(actor) };
      after = page.length === 1000 ? page.at(-1) : undefined;
    } while (after);
  }
  if (wanted.events) {
    for (const event of await store.listEvents(atespace)) yield { case: "event", value: eventMessage(event) };
  }
}

function actorRef({ atespace, actorId }: ActorRecord): ateapi.ActorRef {
  return create(ateapi.ActorRefSchema, { atespace, name: actorId });
}
