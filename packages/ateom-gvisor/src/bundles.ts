// The bundles of one workload as the node supervisor wrote them: which containers there are, in which
// layout, and which durable directories they mount.
import { access } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Workload } from "@agent-substrate/ateom-kit";
import { type ActorPaths, InvalidInput, validateDns1123Label } from "@agent-substrate/contract";
import { type OciSpec, readBundle } from "./oci-spec.ts";

/**
 * `single`: one container is the sandbox's root container, which wakes faster. `pod`: the root
 * container is the pause image's, and each container of the workload is another.
 */
export type Layout = "single" | "pod";

/** Reserved by the contract for the root container of a pod. */
export const pauseName = "pause";

export interface BundleSet {
  readonly layout: Layout;
  /** The root container first, then the workload's in its order. */
  readonly containers: readonly { readonly name: string; readonly spec: OciSpec }[];
}

/** Reads all bundles of a workload. Throws `InvalidInput` where they do not fit it. */
export async function readBundles(workload: Workload): Promise<BundleSet> {
  const { paths } = workload;
  const isPod = await exists(join(paths.bundle(pauseName), "config.json"));
  const own = workload.containers.map((container) => container.name);
  if (!isPod && own.length !== 1) {
    throw new InvalidInput("spec.containers", `${own.length} containers need a ${pauseName} bundle`);
  }
  const names = isPod ? [pauseName, ...own] : own;
  const containers = await Promise.all(
    names.map(async (name) => ({ name, spec: await readBundle(paths.bundle(name)) })),
  );
  return { layout: isPod ? "pod" : "single", containers };
}

/** Names of the durable volumes that the bundles mount, sorted. */
export function durableVolumes(bundles: BundleSet, paths: ActorPaths): string[] {
  const home = join(paths.directory, "durable-dir");
  const volumes = new Set<string>();
  for (const { spec } of bundles.containers) {
    for (const mount of spec.mounts) {
      if (!mount.source || !isInside(mount.source, home)) continue;
      const volume = relative(home, mount.source);
      volumes.add(validateDns1123Label("durable directory", volume));
    }
  }
  return [...volumes].sort();
}

/** Whether a path lies below a directory. */
export function isInside(path: string, directory: string): boolean {
  return path.startsWith(directory + sep);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
