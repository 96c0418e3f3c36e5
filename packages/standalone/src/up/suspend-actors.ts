import { ateapi } from "@agent-substrate/contract";
import { listAllActors, type SubstrateClient } from "@agent-substrate/sdk";

const { Actor_Status } = ateapi;

const statusesWithWorker = new Set<ateapi.Actor_Status>([
  Actor_Status.RUNNING,
  Actor_Status.RESUMING,
  Actor_Status.SUSPENDING,
  Actor_Status.PAUSING,
]);

export interface SuspendReport {
  readonly suspended: number;
  /** Actor and reason. */
  readonly failed: readonly { readonly actor: string; readonly reason: string }[];
}

/**
 * Suspends every actor that runs, all at once: the node orders what it cannot do together. `progress`
 * hears of each one. What fails is reported and keeps nobody else from being suspended.
 */
export async function suspendActors(
  client: SubstrateClient,
  progress: (done: number, all: number) => void,
  signal: AbortSignal,
): Promise<SuspendReport> {
  const running = (await listAllActors(client, "", { signal })).filter(holdsWorker);
  let done = 0;
  const failed: { actor: string; reason: string }[] = [];
  await Promise.all(
    running.map(async ({ atespace, actorId }) => {
      try {
        await client.control.suspendActor({ actorRef: { atespace, name: actorId } }, { signal });
      } catch (error) {
        failed.push({ actor: `${atespace}/${actorId}`, reason: (error as Error).message });
      }
      done += 1;
      progress(done, running.length);
    }),
  );
  return { suspended: running.length - failed.length, failed };
}

function holdsWorker(actor: ateapi.Actor): boolean {
  return statusesWithWorker.has(actor.status);
}
