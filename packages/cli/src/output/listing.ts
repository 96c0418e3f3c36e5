import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import type { Format } from "./format-option.ts";
import { formatTable } from "./table.ts";

/** How one kind of thing is shown. */
export interface Listing<T> {
  readonly columns: readonly string[];
  row(item: T): readonly string[];
  /** `actor/a`. */
  name(item: T): string;
  /** Tells items apart while they are watched. */
  key(item: T): string;
  compare(a: T, b: T): number;
  /** The protobuf JSON of the response that lists such things, which JSON and YAML show even for one. */
  toJson(items: readonly T[]): Promise<unknown>;
}

/** The text of `items`, sorted, without a last newline. */
export async function formatListing<T>(
  listing: Listing<T>,
  format: Format,
  items: readonly T[],
  widths: number[] = [],
): Promise<string> {
  const sorted = items.toSorted((a, b) => listing.compare(a, b));
  switch (format) {
    case "table":
      return formatTable([listing.columns, ...sorted.map((item) => listing.row(item))], widths).join("\n");
    case "name":
      return sorted.map((item) => listing.name(item)).join("\n");
    case "json":
      return JSON.stringify(await listing.toJson(sorted), undefined, 2);
    case "yaml": {
      const { stringify } = await import("yaml");
      return stringify(await listing.toJson(sorted), { version: "1.1" }).trimEnd();
    }
  }
}

/** The protobuf JSON of a message made from `init`. */
export async function messageJson<S extends DescMessage>(
  schema: S,
  init: MessageInitShape<S>,
): Promise<unknown> {
  const { create, toJson } = await import("@bufbuild/protobuf");
  return toJson(schema, create(schema, init));
}

/** Compares by several texts; the first difference counts. */
export function compareTexts(...pairs: readonly (readonly [string, string])[]): number {
  for (const [a, b] of pairs) if (a !== b) return a < b ? -1 : 1;
  return 0;
}
