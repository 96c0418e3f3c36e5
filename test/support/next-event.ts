import { watchChanges } from "@agent-substrate/sdk";
import type { Substrate } from "./start-substrate.ts";

const waitMs = 60_000;

/**
 * Resolves once it listens; `happened` resolves with the message of the actor's next event of this kind,
 * which must come within a minute.
 */
export async function nextEvent(
  substrate: Substrate,
  actorId: string,
  reason: string,
): Promise<{ happened: Promise<string> }> {
  const listening = Promise.withResolvers<void>();
  const watch = async () => {
    let isNew = false;
    const signal = AbortSignal.timeout(waitMs);
    for await (const { change } of watchChanges(substrate.client, { events: true, signal })) {
      if (change.case === "synced") {
        isNew = true;
        listening.resolve();
      } else if (isNew && change.case === "event") {
        if (change.value.actorId === actorId && change.value.reason === reason) return change.value.message;
      }
    }
    throw new Error(`actor ${actorId} had no event ${reason}`);
  };
  const happened = watch();
  await Promise.race([listening.promise, happened]);
  return { happened };
}
