import type { PhaseClock } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Workload } from "../actors/workload.ts";
import type { SandboxAssets } from "../assets/sandbox-assets.ts";
import type { BundleShape } from "../bundles/bundle-shape.ts";
import { deriveShape, type ResolveImage } from "../bundles/derive-shape.ts";
import type { SnapshotScope } from "../snapshots/snapshot-manifest.ts";
import type { LocalSnapshot } from "../snapshots/snapshot-store.ts";
import type { Worker } from "../workers/worker.ts";

/** What an actor starts from. */
export type ActorSource =
  | { readonly kind: "images"; readonly assets: SandboxAssets }
  | {
      readonly kind: "snapshot";
      readonly scope: SnapshotScope;
      /** Fetches it where this node does not hold it. */
      readonly provide: () => Promise<LocalSnapshot>;
    };

/** What is known of a start before anything is written for it. */
export interface ActorOrigin {
  readonly shape: BundleShape;
  readonly assets: SandboxAssets;
  /** Absent for an actor that boots from its images. */
  readonly snapshot?: LocalSnapshot;
}

/** Finds what the source holds, and refuses what cannot be continued on this worker. */
export async function resolveSource(
  source: ActorSource,
  workload: Workload,
  worker: Worker,
  architecture: string,
  resolve: ResolveImage,
  clock: PhaseClock,
): Promise<ActorOrigin> {
  const boot = () => clock.measure("images", () => deriveShape(workload, resolve));
  if (source.kind === "images") return { shape: await boot(), assets: source.assets };
  const snapshot = await clock.measure("fetch", source.provide);
  refuseUnfit(snapshot, source.scope, worker, architecture);
  const { manifest } = snapshot;
  const assets: SandboxAssets = { sandboxClass: manifest.sandboxClass, files: manifest.assets };
  // Data alone is booted anew around, and a stranger's snapshot has no shape to go by.
  if (source.scope === "data" || !manifest.shape) return { shape: await boot(), assets, snapshot };
  const { shape } = manifest;
  await clock.measure("images", async () => {
    for (const { name, image } of shape.containers) await resolve(`image of ${name}`, image.reference);
  });
  return { shape, assets, snapshot };
}

/** FAILED_PRECONDITION where the snapshot cannot be continued on this worker. */
function refuseUnfit(
  { prefix, manifest }: LocalSnapshot,
  scope: SnapshotScope,
  worker: Worker,
  architecture: string,
): void {
  const facts: [what: string, of: string | undefined, here: string][] = [
    ["sandbox class", manifest.sandboxClass, worker.pool.sandboxClass],
    ["scope", manifest.scope, scope],
    ["architecture", manifest.architecture, architecture],
  ];
  if (scope === "full")
    facts.push(["hardware key", manifest.hardwareKey, worker.description?.hardwareKey ?? ""]);
  for (const [what, of, here] of facts) {
    if (of === undefined || of === here) continue;
    throw new ConnectError(
      `the snapshot ${prefix} is of ${what} ${of}; here it would have to be ${here || "without one"}`,
      Code.FailedPrecondition,
    );
  }
}
