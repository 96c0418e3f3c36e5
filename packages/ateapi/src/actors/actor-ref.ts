import { type ateapi, InvalidInput, validateDns1123Label } from "@agent-substrate/contract";
import type { ActorName } from "./actor-record.ts";

/** A reference as a caller sent it. INVALID_ARGUMENT names the field. */
export function readActorRef(ref: ateapi.ActorRef | undefined): ActorName {
  if (!ref) throw new InvalidInput("actor_ref", "is required");
  return {
    atespace: validateDns1123Label("actor_ref.atespace", ref.atespace),
    actorId: validateDns1123Label("actor_ref.name", ref.name),
  };
}
