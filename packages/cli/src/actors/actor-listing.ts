import type { ateapi } from "@agent-substrate/contract";
import { compareTexts, type Listing, messageJson } from "../output/listing.ts";

export const actorListing: Listing<ateapi.Actor> = {
  columns: ["ATESPACE", "TEMPLATE NS", "TEMPLATE", "ID", "STATUS", "ATEOM POD", "ATEOM IP", "VERSION"],
  row: (actor) => [
    actor.atespace,
    actor.actorTemplateNamespace,
    actor.actorTemplateName,
    actor.actorId,
    statusText(actor.status),
    actor.ateomPodName,
    actor.ateomPodIp,
    String(actor.version),
  ],
  name: ({ actorId }) => `actor/${actorId}`,
  key: ({ atespace, actorId }) => `${atespace}/${actorId}`,
  compare: (a, b) => compareTexts([a.atespace, b.atespace], [a.actorId, b.actorId]),
  async toJson(actors) {
    const { ateapi } = await import("@agent-substrate/contract");
    return messageJson(ateapi.ListActorsResponseSchema, { actors: [...actors] });
  },
};

/** By its number, so that the table needs no generated code. */
const statuses = [
  "UNSPECIFIED",
  "RESUMING",
  "RUNNING",
  "SUSPENDING",
  "SUSPENDED",
  "PAUSING",
  "PAUSED",
  "CRASHED",
  "DELETING",
];

/** `RUNNING`; a status newer than this program as its number. */
export function statusText(status: ateapi.Actor_Status): string {
  return statuses[status] ?? String(status);
}
