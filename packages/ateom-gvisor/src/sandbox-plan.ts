// What runs, derived from the bundles: the same specs, bound to this worker's namespace and freed of
// what belongs to one actor. Two workloads with equal keys can use the same created-ahead sandbox.
import type { ActorPaths } from "@agent-substrate/contract";
import { type BundleSet, isInside, type Layout, pauseName } from "./bundles.ts";
import type { OciMount, OciSpec } from "./oci-spec.ts";

export interface SandboxPlan {
  readonly layout: Layout;
  readonly containers: readonly PlannedContainer[];
  /** Equal exactly where the specs are. */
  readonly key: string;
  /**
   * Whether the sandbox may be created before its actor is known. What is bound is decided at create,
   * so a workload that binds more of its actor's directory than the identity is created at wake.
   */
  readonly isAnyActors: boolean;
}

export interface PlannedContainer {
  readonly name: string;
  /** Complete but for `sandboxIdAnnotation` and the source of the identity mount. */
  readonly spec: OciSpec;
}

/** Stands for the identity directory of the slot that the sandbox gets. */
export const identityPlaceholder = "identity:";

export const sandboxIdAnnotation = "io.kubernetes.cri.sandbox-id";
const typeAnnotation = "io.kubernetes.cri.container-type";
const nameAnnotation = "io.kubernetes.cri.container-name";
const mountHintPrefix = "dev.gvisor.spec.mount.";

/** Plans the sandbox of a workload in the network namespace of a worker. */
export function planSandbox(bundles: BundleSet, paths: ActorPaths, netnsPath: string): SandboxPlan {
  const containers = bundles.containers.map(({ name, spec }) => ({
    name,
    spec: planContainer(name, bundles.layout, spec, paths, netnsPath),
  }));
  const mounts = containers.flatMap(({ spec }) => spec.mounts);
  return {
    layout: bundles.layout,
    containers,
    key: JSON.stringify([bundles.layout, containers]),
    isAnyActors: !mounts.some(
      (mount) => mount.source !== undefined && isInside(mount.source, paths.directory),
    ),
  };
}

function planContainer(
  name: string,
  layout: Layout,
  spec: OciSpec,
  paths: ActorPaths,
  netnsPath: string,
): OciSpec {
  const { [sandboxIdAnnotation]: _, ...annotations } = withoutMountHints(spec.annotations, paths);
  const isRoot = layout === "single" || name === pauseName;
  const namespaces = spec.linux.namespaces.filter(({ type }) => type !== "network");
  return {
    ...spec,
    mounts: spec.mounts.map((mount) => planMount(mount, paths)),
    annotations: {
      ...annotations,
      [typeAnnotation]: isRoot ? "sandbox" : "container",
      [nameAnnotation]: name,
    },
    linux: { ...spec.linux, namespaces: [...namespaces, { type: "network", path: netnsPath }] },
  };
}

function planMount(mount: OciMount, paths: ActorPaths): OciMount {
  return mount.source === paths.identity ? { ...mount, source: identityPlaceholder } : mount;
}

/**
 * A hint that nobody else uses a durable directory makes runsc overlay it: what the actor writes would
 * go to a file of the sandbox, unseen by the other containers, and end with it. As a plain bind mount
 * it is written through, and the directory on the host is always what a snapshot has to hold.
 */
function withoutMountHints(
  annotations: Readonly<Record<string, string>>,
  paths: ActorPaths,
): Record<string, string> {
  const isOfActor = (key: string) => {
    if (!key.startsWith(mountHintPrefix)) return false;
    const source = annotations[`${key.slice(0, key.lastIndexOf("."))}.source`];
    return source !== undefined && isInside(source, paths.directory);
  };
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !isOfActor(key)));
}
