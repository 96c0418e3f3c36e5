import { Code, ConnectError } from "@connectrpc/connect";
import type { Lifecycle } from "../operations/lifecycle.ts";
import type { Store } from "../storage/store.ts";
import { type ActorRecord, goldenAtespace } from "./actor-record.ts";
import type { LiveActors } from "./live-actors.ts";

export interface ClearedParts {
  readonly store: Store;
  readonly actors: LiveActors;
  readonly lifecycle: Lifecycle;
}

/** Suspends and deletes every actor that is not golden, and removes every atespace. For tests. */
export async function clearStore({ store, actors, lifecycle }: ClearedParts): Promise<void> {
  for (;;) {
    const page = (await actors.list({ atespace: "", limit: 1000 })).filter(({ golden }) => !golden);
    if (page.length === 0) break;
    for (const actor of page) await clearActor(lifecycle, actor);
  }
  for (const name of await store.listAtespaces())
    if (name !== goldenAtespace) await store.deleteAtespace(name);
}

async function clearActor(lifecycle: Lifecycle, actor: ActorRecord): Promise<void> {
  for (const call of [() => lifecycle.suspend(actor), () => lifecycle.delete(actor)]) {
    const { failure } = await call();
    if (failure) throw new ConnectError(`not cleared: ${failure.rawMessage}`, Code.FailedPrecondition);
  }
}
