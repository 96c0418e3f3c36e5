// What of a bundle belongs to the actor and not to the place where it runs. A sandbox runtime refuses
// to continue a memory under other arguments or mounts, so the shape is pinned into a snapshot's
// manifest, and a restore writes its bundle from there, never from what this code would write today.
// Environment variables are not in it: they may differ, and they hold secrets.
import type { Digest } from "../images/digest.ts";

/** `single`: one container is the sandbox. `pod`: a pause container holds it, others join. */
export type BundleLayout = "single" | "pod";

export interface BundleShape {
  readonly layout: BundleLayout;
  readonly hostname: string;
  /** The pause container first, in the pod layout. */
  readonly containers: readonly ContainerShape[];
}

export interface ContainerShape {
  readonly name: string;
  readonly image: { readonly reference: string; readonly digest: Digest };
  readonly args: readonly string[];
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly gid: number; readonly additionalGids: readonly number[] };
  readonly capabilities: readonly string[];
  readonly readonlyRoot: boolean;
  readonly mounts: readonly MountShape[];
  readonly annotations: Readonly<Record<string, string>>;
}

export interface MountShape {
  readonly destination: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly source: MountSource;
}

/** Where a mount comes from, without the path that it has on one node. */
export type MountSource =
  | { readonly kind: "kernel"; readonly name: string }
  | { readonly kind: "identity" }
  | { readonly kind: "resolv-conf" }
  | { readonly kind: "durable-dir"; readonly volume: string };

/** Volumes of durable directories that the containers mount. */
export function durableVolumes(shape: BundleShape): string[] {
  const volumes = shape.containers.flatMap(({ mounts }) =>
    mounts.flatMap(({ source }) => (source.kind === "durable-dir" ? [source.volume] : [])),
  );
  return [...new Set(volumes)];
}
