// Wakes one actor through the control plane. L4: the resume there goes on whatever becomes of this
// call, so it is repeated without harm.
import { setTimeout as delay } from "node:timers/promises";
import type { ateapi, Phase } from "@agent-substrate/contract";
import { createBackoff } from "@agent-substrate/process-kit";
import { readPhases } from "@agent-substrate/rpc-kit";
import { type Client, Code, ConnectError } from "@connectrpc/connect";
import type { ActorName } from "./resolve-target.ts";

export type ControlClient = Pick<Client<typeof ateapi.Control>, "resumeActor">;

/** Between tries while another operation on the actor runs; nothing tells a router of its end. */
const retryWait = { minMs: 20, maxMs: 500 };

/**
 * Returns when the actor is RUNNING, with what the control plane says about its time. Tries again,
 * until `signal` aborts, while another operation on the actor runs or the control plane is away,
 * which `isLinked` tells: whether the Routes stream stands.
 * @throws ConnectError what the control plane answers otherwise.
 */
export async function wakeActor(
  control: ControlClient,
  name: ActorName,
  options: { signal: AbortSignal; timeoutMs: number; isLinked: () => boolean },
): Promise<readonly Phase[]> {
  const { signal, timeoutMs, isLinked } = options;
  const backoff = createBackoff(retryWait);
  for (;;) {
    let phases: readonly Phase[] = [];
    try {
      await control.resumeActor(
        { actorRef: { atespace: name.atespace, name: name.actorId } },
        {
          signal,
          timeoutMs,
          onTrailer: (trailers) => {
            phases = readPhases(trailers);
          },
        },
      );
      return phases;
    } catch (error) {
      const failure = ConnectError.from(error);
      if (signal.aborted || !isPassing(failure, isLinked())) throw failure;
      await delay(backoff.next(), undefined, { signal });
    }
  }
}

/**
 * Whether trying again is likely to help: another operation runs on the actor, or the control plane
 * is away. Then a failure is not what it said (its answers carry metadata), or it said that it stops.
 */
function isPassing({ code, metadata }: ConnectError, isLinked: boolean): boolean {
  if (code === Code.Aborted) return true;
  const isOwn = metadata.keys().next().done === true;
  return (code === Code.Unavailable && (isOwn || !isLinked)) || (code === Code.DeadlineExceeded && isOwn);
}
