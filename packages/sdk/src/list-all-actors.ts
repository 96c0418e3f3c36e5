import type { ateapi } from "@agent-substrate/contract";
import type { CallOptions } from "@connectrpc/connect";
import type { SubstrateClient } from "./substrate-client.ts";

/** All actors of an atespace ("" = of all), page by page. */
export async function listAllActors(
  client: SubstrateClient,
  atespace: string,
  options?: CallOptions,
): Promise<ateapi.Actor[]> {
  const actors: ateapi.Actor[] = [];
  let pageToken = "";
  do {
    const page = await client.control.listActors({ atespace, pageToken }, options);
    actors.push(...page.actors);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return actors;
}
