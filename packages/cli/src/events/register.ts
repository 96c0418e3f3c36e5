import type { watch } from "@agent-substrate/contract";
import type { Context } from "../context.ts";
import { attempt } from "../failure.ts";
import { addGetOptions, type GetOptions } from "../output/format-option.ts";
import { formatTime } from "../output/format-time.ts";
import { formatListing, type Listing, messageJson } from "../output/listing.ts";
import { watchListing } from "../output/watch-listing.ts";
import { examples, type Verbs } from "../verbs.ts";

const listing: Listing<watch.Event> = {
  columns: ["TIME", "REASON", "OBJECT", "MESSAGE"],
  row: (event) => [formatTime(event.time), event.reason, objectOf(event), event.message],
  name: ({ id }) => `event/${id}`,
  key: ({ id }) => String(id),
  compare: (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  async toJson(events) {
    const { watch } = await import("@agent-substrate/contract");
    return messageJson(watch.ListEventsResponseSchema, { events: [...events] });
  },
};

/** `get events`. */
export function registerEventCommands(verbs: Verbs, context: Context): void {
  const command = verbs.get
    .command("events")
    .alias("event")
    .description("what happened, oldest first; the newest 1000 are kept")
    .option("-a, --atespace <name>", "only of this atespace")
    .option("-A, --all-atespaces", "of all, which is the default");
  addGetOptions(command, { watch: true })
    .addHelpText("after", examples("get events", "get events -a demo -w"))
    .action(({ output, watch: watching, atespace = "" }: GetOptions & { atespace?: string }) =>
      context.withSession(command, async ({ client, endpoint, call }) => {
        if (!watching) {
          const { events } = await attempt({ doing: "list events", endpoint }, () =>
            client.watch.listEvents({ atespace }, call),
          );
          context.print(await formatListing(listing, output, events));
          return;
        }
        await attempt({ doing: "watch events", endpoint }, () =>
          watchListing(client, {
            listing,
            format: output,
            options: { events: true, atespace, signal: context.signal },
            print: context.print,
            effect: ({ change }) =>
              change.case === "event" ? { kind: "set", item: change.value } : undefined,
          }),
        );
      }),
    );
}

function objectOf({ atespace, actorId, worker }: watch.Event): string {
  if (actorId !== "") return `${atespace}/${actorId}`;
  return worker === "" ? "" : `worker ${worker}`;
}
