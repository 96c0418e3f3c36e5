import type { ActorRecord } from "../actors/actor-record.ts";
import type { Activity } from "./activity.ts";
import type { FailedSuspends } from "./failed-suspends.ts";

/** An actor that was just woken and has served nothing yet keeps its worker for this long. */
export const firstRequestGraceMs = 2000;

export interface VictimChoice {
  /** The actor to suspend, if there is one. */
  readonly victim?: ActorRecord;
  /** When none can be chosen yet: how long until the next one may be, in milliseconds. */
  readonly retryMs?: number;
}

/** Among the actors whose workers would serve, the one that has been idle longest. */
export function chooseVictim(
  candidates: readonly ActorRecord[],
  activity: Activity,
  failed: Pick<FailedSuspends, "restMs">,
): VictimChoice {
  let victim: { actor: ActorRecord; idleMs: number } | undefined;
  let retryMs: number | undefined;
  for (const actor of candidates) {
    if (actor.status !== "RUNNING" || actor.operation || actor.golden) continue;
    const idleness = activity.of(actor);
    if (!idleness || idleness.busy) continue;
    const graceMs = idleness.served ? 0 : firstRequestGraceMs - idleness.idleMs;
    const protectedMs = Math.max(graceMs, failed.restMs(actor));
    if (protectedMs > 0) {
      retryMs = Math.min(retryMs ?? Number.POSITIVE_INFINITY, protectedMs);
    } else if (!victim || idleness.idleMs > victim.idleMs) {
      victim = { actor, idleMs: idleness.idleMs };
    }
  }
  return { ...(victim && { victim: victim.actor }), ...(retryMs !== undefined && { retryMs }) };
}
