import { InvalidInput } from "@agent-substrate/contract";
import type { ActorName } from "./actor-record.ts";

/** Names the last actor of a page, so that pages neither repeat nor skip what is there all along. */
export function writePageToken({ atespace, actorId }: ActorName): string {
  return Buffer.from(`${atespace}/${actorId}`).toString("base64url");
}

/** "" is the beginning. */
export function readPageToken(token: string): ActorName | undefined {
  if (token === "") return undefined;
  const match = /^([-a-z0-9]{1,63})\/([-a-z0-9]{1,63})$/.exec(Buffer.from(token, "base64url").toString());
  if (!match?.[1] || !match[2]) throw new InvalidInput("page_token", "is none that this server gave");
  return { atespace: match[1], actorId: match[2] };
}
