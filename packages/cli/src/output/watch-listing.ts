import type { Change, SubstrateClient, WatchOptions } from "@agent-substrate/sdk";
import type { Format } from "./format-option.ts";
import { formatListing, type Listing } from "./listing.ts";
import { formatTable } from "./table.ts";

/** What a change means to one listing. */
export type Effect<T> =
  | { readonly kind: "set"; readonly item: T }
  | { readonly kind: "deleted"; readonly key: string };

export interface Watching<T> {
  readonly listing: Listing<T>;
  readonly format: Format;
  readonly options: WatchOptions;
  /** Undefined for a change that this listing does not show. */
  effect(change: Change): Effect<T> | undefined;
  /** The row of something that is gone, from what was last known of it; absent where nothing ever goes. */
  readonly deletedRow?: (item: T) => readonly string[];
  print(text: string): void;
}

/** Shows everything that is, then each change as it happens, until the signal aborts. */
export async function watchListing<T>(client: SubstrateClient, watching: Watching<T>): Promise<void> {
  const { watchChanges } = await import("@agent-substrate/sdk");
  const { listing, format, print } = watching;
  const known = new Map<string, T>();
  const widths: number[] = [];
  let synced = false;
  const printRow = (row: readonly string[]) => print(formatTable([row], widths).join());
  for await (const change of watchChanges(client, watching.options)) {
    if (change.change.case === "synced") {
      if (!synced) print(await formatListing(listing, format, [...known.values()], widths));
      synced = true;
      if (!watching.deletedRow) known.clear();
      continue;
    }
    const effect = watching.effect(change);
    if (effect?.kind === "set") {
      if (!synced || watching.deletedRow) known.set(listing.key(effect.item), effect.item);
      if (!synced) continue;
      if (format === "table") printRow(listing.row(effect.item));
      else print(await formatOne(watching, effect.item));
    } else if (effect) {
      const gone = known.get(effect.key);
      known.delete(effect.key);
      // In the other formats nothing would tell a deletion from a change.
      if (synced && gone && watching.deletedRow && format === "table") printRow(watching.deletedRow(gone));
    }
  }
}

async function formatOne<T>({ listing, format }: Watching<T>, item: T): Promise<string> {
  return `${format === "yaml" ? "---\n" : ""}${await formatListing(listing, format, [item])}`;
}
