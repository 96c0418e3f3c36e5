/** What of a spec belongs to one sandbox. */
export interface SpecPlaces {
  readonly identity: string;
  readonly netnsPath: string;
  readonly id: string;
}

interface Spec {
  readonly mounts: readonly { readonly destination: string; readonly source?: string }[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly linux: { readonly namespaces: readonly { readonly type: string; readonly path?: string }[] };
}

/** The product's spec with the places of another sandbox. */
export function bareSpec(spec: unknown, { identity, netnsPath, id }: SpecPlaces): object {
  const { mounts, annotations, linux, ...rest } = spec as Spec;
  return {
    ...rest,
    mounts: mounts.map((mount) =>
      mount.destination === "/run/ate" ? { ...mount, source: identity } : mount,
    ),
    annotations: { ...annotations, "io.kubernetes.cri.sandbox-id": id },
    linux: {
      ...linux,
      namespaces: linux.namespaces.map((namespace) =>
        namespace.type === "network" ? { type: "network", path: netnsPath } : namespace,
      ),
    },
  };
}
