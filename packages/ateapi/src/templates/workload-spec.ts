import { type ActorTemplate, atelet, readSecret } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Resource, ResourceCatalog } from "../resources/resource-catalog.ts";

type EnvEntry = ActorTemplate["spec"]["containers"][number]["env"][number];

/**
 * A template as a node is told of it, with the values of its secrets. FAILED_PRECONDITION names a
 * secret or key that is missing and not optional; never a value.
 */
export function workloadSpec(
  template: Resource<ActorTemplate>,
  catalog: ResourceCatalog,
): atelet.WorkloadSpec {
  return specWithEnv(template.object, (entry) => envValue(entry, template.namespace, catalog));
}

/** Without environment: a checkpoint needs none, and must not fail for a secret that is gone meanwhile. */
export function bareWorkloadSpec(template: Resource<ActorTemplate>): atelet.WorkloadSpec {
  return specWithEnv(template.object, () => undefined);
}

function specWithEnv(
  { spec }: ActorTemplate,
  readValue: (entry: EnvEntry) => string | undefined,
): atelet.WorkloadSpec {
  return create(atelet.WorkloadSpecSchema, {
    pauseImage: spec.pauseImage ?? "",
    containers: spec.containers.map((container) => ({
      name: container.name,
      image: container.image,
      command: container.command,
      env: container.env.flatMap((entry) => {
        const value = readValue(entry);
        return value === undefined ? [] : [{ name: entry.name, value }];
      }),
      ...(container.readyz && { readyz: { httpGet: container.readyz.httpGet } }),
      volumeMounts: container.volumeMounts,
    })),
    volumes: spec.volumes.map(({ name }) => ({
      name,
      type: atelet.VolumeType.DURABLE_DIR,
      source: { case: "durableDir" as const, value: {} },
    })),
  });
}

function envValue(entry: EnvEntry, namespace: string, catalog: ResourceCatalog): string | undefined {
  const reference = entry.valueFrom?.secretKeyRef;
  if (!reference) return entry.value;
  const secret = catalog.secret(namespace, reference.name);
  const value = secret && readSecret(secret.object, reference.key);
  if (value === undefined && !reference.optional) {
    const missing = secret
      ? `secret ${namespace}/${reference.name} has no key ${reference.key}`
      : `there is no secret ${namespace}/${reference.name}`;
    throw new ConnectError(`${missing}, which ${entry.name} needs; apply it first`, Code.FailedPrecondition);
  }
  return value;
}
