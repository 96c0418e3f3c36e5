import { Code, ConnectError } from "@connectrpc/connect";
import type { Store } from "../storage/store.ts";
import type { Resource } from "./resource-catalog.ts";

/** FAILED_PRECONDITION where actors are made from it: without their template they could not wake. */
export async function demandUnused(store: Store, { kind, namespace, name }: Resource): Promise<void> {
  if (kind !== "ActorTemplate") return;
  const count = await store.countActors({ namespace, name });
  if (count === 0) return;
  const actors = count === 1 ? "one actor is" : `${count} actors are`;
  const text = `${actors} made from template ${namespace}/${name}; delete them first`;
  throw new ConnectError(text, Code.FailedPrecondition);
}
