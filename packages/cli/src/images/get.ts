import type { images } from "@agent-substrate/contract";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { attempt } from "../failure.ts";
import { addGetOptions, type GetOptions } from "../output/format-option.ts";
import { formatTime } from "../output/format-time.ts";
import { compareTexts, formatListing, type Listing, messageJson } from "../output/listing.ts";
import { examples } from "../verbs.ts";

const listing: Listing<images.Image> = {
  columns: ["REFERENCE", "SIZE", "IMPORTED", "NODES"],
  row: ({ reference, sizeBytes, importedAt, nodes }) => [
    reference,
    `${(Number(sizeBytes) / 2 ** 20).toFixed(1)} MiB`,
    formatTime(importedAt),
    nodes.toSorted().join(","),
  ],
  name: ({ reference }) => reference,
  key: ({ reference }) => reference,
  compare: (a, b) => compareTexts([a.reference, b.reference]),
  async toJson(items) {
    const { images } = await import("@agent-substrate/contract");
    return messageJson(images.ListImagesResponseSchema, { images: [...items] });
  },
};

/** `get images`. */
export function registerGetImages(get: Command, context: Context): void {
  const command = get.command("images").alias("image").description("the images in the nodes' own store");
  addGetOptions(command, { watch: false })
    .addHelpText("after", examples("get images", "get images -o name"))
    .action(({ output }: GetOptions) =>
      context.withSession(command, async ({ client, endpoint, call }) => {
        const { images } = await attempt({ doing: "list images", endpoint }, () =>
          client.images.listImages({}, call),
        );
        context.print(await formatListing(listing, output, images));
      }),
    );
}
