import { ateapi } from "@agent-substrate/contract";
import { listAllActors, type SubstrateClient } from "@agent-substrate/sdk";
import { goldenAtespace } from "./golden-atespace.ts";

const { Actor_Status } = ateapi;

type Way = (
  control: SubstrateClient["control"],
  request: { actorRef: { atespace: string; name: string } },
  options: { signal: AbortSignal },
) => Promise<unknown>;

/** How an actor that holds a worker comes to rest; what it is in the middle of is joined. */
const ways = new Map<ateapi.Actor_Status, Way>([
  [Actor_Status.RUNNING, (control, request, options) => control.suspendActor(request, options)],
  [Actor_Status.SUSPENDING, (control, request, options) => control.suspendActor(request, options)],
  [Actor_Status.PAUSING, (control, request, options) => control.pauseActor(request, options)],
  [
    Actor_Status.RESUMING,
    async (control, request, options) => {
      await control.resumeActor(request, options);
      await control.suspendActor(request, options);
    },
  ],
]);

export interface SuspendReport {
  readonly suspended: number;
  /** Actor and reason. */
  readonly failed: readonly { readonly actor: string; readonly reason: string }[];
}

/**
 * Suspends every actor that runs, all at once. `progress` hears of each one that was. What fails is reported and keeps nobody else from being suspended.
 */
export async function suspendActors(
  client: SubstrateClient,
  progress: (suspended: number, all: number) => void,
  signal: AbortSignal,
): Promise<SuspendReport> {
  const all = await listAllActors(client, "", { signal });
  const running = all.filter(({ atespace, status }) => atespace !== goldenAtespace && ways.has(status));
  let suspended = 0;
  const failed: { actor: string; reason: string }[] = [];
  await Promise.all(
    running.map(async ({ atespace, actorId, status }) => {
      try {
        await ways.get(status)?.(client.control, { actorRef: { atespace, name: actorId } }, { signal });
        progress(++suspended, running.length);
      } catch (error) {
        failed.push({ actor: `${atespace}/${actorId}`, reason: (error as Error).message });
      }
    }),
  );
  return { suspended, failed };
}
