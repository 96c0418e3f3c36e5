import { basename, join } from "node:path";
import type { Phase } from "@agent-substrate/contract";
import { readPhases } from "@agent-substrate/rpc-kit";
import type { Substrate } from "@agent-substrate/test/support/start-substrate.ts";

export interface SuspendReport {
  /** What the control plane says about its own time. */
  readonly phases: readonly Phase[];
  /** The directory of the image files that it left on this node. */
  readonly image: string;
}

const limitMs = 60_000;

/** Calls SuspendActor; returns when the actor is SUSPENDED. */
export async function suspendActor(
  client: Substrate["client"],
  actorRef: { readonly atespace: string; readonly name: string },
  snapshots: string,
  signal: AbortSignal,
): Promise<SuspendReport> {
  let phases: readonly Phase[] = [];
  const { actor } = await client.control.suspendActor(
    { actorRef },
    {
      signal,
      timeoutMs: limitMs,
      onTrailer: (trailers) => {
        phases = readPhases(trailers);
      },
    },
  );
  const snapshot = actor?.latestSnapshotInfo?.data;
  if (snapshot?.case !== "external") throw new Error("the suspended actor has no stored snapshot");
  // The local copy has the name that the stored one's location ends with.
  const prefix = basename(snapshot.value.snapshotUriPrefix);
  return { phases, image: join(snapshots, prefix, "files") };
}
