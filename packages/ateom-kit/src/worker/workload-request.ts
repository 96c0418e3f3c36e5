// The one place where a request becomes domain types. Everything behind it trusts what it gets.
import {
  type ActorKey,
  ateom,
  atespaceHeader,
  type ContractPaths,
  generationHeader,
  InvalidInput,
  operationIdHeader,
  PhaseClock,
  templateHeader,
  validateActorKey,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateMountPath,
} from "@agent-substrate/contract";
import type { ReadyzProbe, SandboxBackEnd, SnapshotScope, Workload, WorkloadContainer } from "../back-end.ts";

const defaultReadyzPath = "/readyz";
const readyzPathLengthMax = 1024;
const containersMax = 64;
/** Name of the pod layout's first bundle. */
const reservedContainerName = "pause";

/** What Run, Checkpoint and Restore have in common. */
export type WorkloadRequest =
  | ateom.RunWorkloadRequest
  | ateom.CheckpointWorkloadRequest
  | ateom.RestoreWorkloadRequest;

/** Validates a request against the contract and the back end's declarations. Throws `InvalidInput`. */
export function parseWorkload(
  request: WorkloadRequest,
  headers: Headers,
  backEnd: SandboxBackEnd,
  paths: ContractPaths,
): Workload {
  const key: ActorKey = {
    namespace: request.actorTemplateNamespace,
    template: request.actorTemplateName,
    actorId: request.actorId,
  };
  validateActorKey(key);
  const identity = parseCallHeaders(headers);
  return {
    key,
    ...identity,
    containers: parseContainers(request.spec?.containers ?? [], backEnd),
    assets: parseAssets(request.runtimeAssetPaths, backEnd.requiredAssets),
    paths: paths.actor(key),
    phases: new PhaseClock(),
  };
}

/** The optional metadata of a call. Throws `InvalidInput`. */
export function parseCallHeaders(
  headers: Headers,
): Pick<Workload, "operationId" | "generation" | "atespace" | "template"> {
  const operationId = headers.get(operationIdHeader);
  const generation = headers.get(generationHeader);
  const atespace = headers.get(atespaceHeader);
  const template = headers.get(templateHeader);
  if (operationId !== null && !/^[A-Za-z0-9._-]{1,128}$/.test(operationId)) {
    throw new InvalidInput(operationIdHeader, "should be 1 to 128 characters of [A-Za-z0-9._-]");
  }
  if (generation !== null && !/^[1-9][0-9]{0,17}$/.test(generation)) {
    throw new InvalidInput(generationHeader, "should be a positive decimal integer");
  }
  if (atespace !== null) validateDns1123Label(atespaceHeader, atespace);
  if (template !== null) validateDns1123Subdomain(templateHeader, template);
  return {
    ...(operationId !== null && { operationId }),
    ...(generation !== null && { generation: BigInt(generation) }),
    ...(atespace !== null && { atespace }),
    ...(template !== null && { template }),
  };
}

/** Throws `InvalidInput` for scope 0 and for a scope that the back end does not declare. */
export function parseScope(scope: ateom.SnapshotScope, backEnd: SandboxBackEnd): SnapshotScope {
  const parsed =
    scope === ateom.SnapshotScope.FULL ? "full" : scope === ateom.SnapshotScope.DATA ? "data" : undefined;
  if (!parsed) throw new InvalidInput("scope", "should be SNAPSHOT_SCOPE_FULL or SNAPSHOT_SCOPE_DATA");
  if (!backEnd.capabilities.scopes.includes(parsed)) {
    throw new InvalidInput("scope", `the back end ${backEnd.sandboxClass} takes no ${parsed} snapshots`);
  }
  return parsed;
}

function parseContainers(
  containers: readonly ateom.Container[],
  backEnd: SandboxBackEnd,
): WorkloadContainer[] {
  if (containers.length === 0)
    throw new InvalidInput("spec.containers", "should name at least one container");
  if (containers.length > containersMax) {
    throw new InvalidInput("spec.containers", `should name at most ${containersMax} containers`);
  }
  if (containers.length > 1 && !backEnd.capabilities.severalContainers) {
    throw new InvalidInput("spec.containers", `the back end ${backEnd.sandboxClass} runs one container only`);
  }
  const names = new Set<string>();
  return containers.map((container, index) => {
    const field = `spec.containers[${index}]`;
    const name = validateDns1123Label(`${field}.name`, container.name);
    if (name === reservedContainerName) throw new InvalidInput(`${field}.name`, `"${name}" is reserved`);
    if (names.has(name)) throw new InvalidInput(`${field}.name`, `"${name}" is there twice`);
    names.add(name);
    const readyz = parseReadyz(`${field}.readyz.http_get`, container.readyz);
    return {
      name,
      ...(readyz && { readyz }),
      durableDirMountPaths: container.durableDirVolumes.map((path, volume) =>
        validateMountPath(`${field}.durable_dir_volumes[${volume}]`, path),
      ),
    };
  });
}

function parseReadyz(field: string, readyz: ateom.Readyz | undefined): ReadyzProbe | undefined {
  const probe = readyz?.httpGet;
  if (!probe) return undefined;
  const path =
    probe.path === "" ? defaultReadyzPath : probe.path.startsWith("/") ? probe.path : `/${probe.path}`;
  if (path.length > readyzPathLengthMax || !/^[\x21-\x7e]+$/.test(path)) {
    throw new InvalidInput(`${field}.path`, `should be at most ${readyzPathLengthMax} printable characters`);
  }
  if (!Number.isInteger(probe.port) || probe.port < 1 || probe.port > 65535) {
    throw new InvalidInput(`${field}.port`, `${probe.port} is no port; it should be 1 to 65535`);
  }
  return { path, port: probe.port };
}

function parseAssets(
  assets: Readonly<Record<string, string>>,
  required: readonly string[],
): Readonly<Record<string, string>> {
  for (const name of required) {
    if (!assets[name]) throw new InvalidInput(`runtime_asset_paths["${name}"]`, "is required");
  }
  for (const [name, path] of Object.entries(assets)) {
    validateMountPath(`runtime_asset_paths[${JSON.stringify(name)}]`, path);
  }
  return assets;
}
