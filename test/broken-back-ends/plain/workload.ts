import {
  type ActorKey,
  type ActorPaths,
  type ateom,
  contractPaths,
  InvalidInput,
  validateDns1123Label,
  validateMountPath,
} from "@agent-substrate/contract";

export type WorkloadRequest =
  | ateom.RunWorkloadRequest
  | ateom.CheckpointWorkloadRequest
  | ateom.RestoreWorkloadRequest;

export interface Readyz {
  readonly path: string;
  readonly port: number;
}

/** What a request asks to run, checked: an actor of one container. */
export interface Workload {
  readonly key: ActorKey;
  readonly paths: ActorPaths;
  readonly container: string;
  readonly readyz: Readyz | undefined;
  /** Where the program finds its durable directories. */
  readonly durablePaths: readonly string[];
}

/** Throws `InvalidInput`. */
export function parseWorkload(request: WorkloadRequest): Workload {
  const key = {
    namespace: request.actorTemplateNamespace,
    template: request.actorTemplateName,
    actorId: request.actorId,
  };
  const [container, ...others] = request.spec?.containers ?? [];
  if (!container || others.length > 0) throw new InvalidInput("spec.containers", "must be exactly one");
  if (container.name === "pause") throw new InvalidInput("spec.containers[0].name", "is reserved");
  return {
    key,
    paths: contractPaths().actor(key),
    container: validateDns1123Label("spec.containers[0].name", container.name),
    readyz: container.readyz && parseReadyz(container.readyz),
    durablePaths: container.durableDirVolumes.map((path) => validateMountPath("durable_dir_volumes", path)),
  };
}

function parseReadyz({ httpGet }: ateom.Readyz): Readyz {
  const { path, port } = httpGet ?? { path: "", port: 0 };
  if (port < 1 || port > 65_535) throw new InvalidInput("readyz.http_get.port", "must be 1 to 65535");
  return { path: path === "" ? "/readyz" : path.replace(/^(?!\/)/, "/"), port };
}
