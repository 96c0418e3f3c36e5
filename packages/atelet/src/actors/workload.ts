// What an actor runs, converted once from the control plane's message.
import {
  type atelet,
  InvalidInput,
  validateDns1123Label,
  validateMountPath,
} from "@agent-substrate/contract";

export interface Workload {
  readonly containers: readonly WorkloadContainer[];
  /** Pinned reference; absent in the single-container layout. */
  readonly pauseImage?: string;
  /** Names of durable directories. */
  readonly volumes: readonly string[];
}

export interface WorkloadContainer {
  readonly name: string;
  readonly image: string;
  /** Empty: the image's ENTRYPOINT and CMD. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly readyz?: { readonly path: string; readonly port: number };
  readonly mounts: readonly { readonly volume: string; readonly mountPath: string }[];
}

const containersMax = 10;
/** Reserved for the container that holds the sandbox of a pod. */
export const pauseContainer = "pause";

/** Throws InvalidInput naming the field. */
export function parseWorkload(spec: atelet.WorkloadSpec | undefined): Workload {
  if (!spec || spec.containers.length === 0) throw new InvalidInput("spec.containers", "is empty");
  if (spec.containers.length > containersMax) {
    throw new InvalidInput("spec.containers", `has more than ${containersMax} entries`);
  }
  const pauseImage = spec.pauseImage === "" ? undefined : spec.pauseImage;
  if (spec.containers.length > 1 && pauseImage === undefined) {
    throw new InvalidInput("spec.pause_image", "is required where an actor has several containers");
  }
  const volumes = spec.volumes.map((volume, position) => parseVolume(`spec.volumes[${position}]`, volume));
  const containers = spec.containers.map((container, position) =>
    parseContainer(`spec.containers[${position}]`, container, volumes),
  );
  refuseDuplicates("spec.volumes", volumes);
  refuseDuplicates(
    "spec.containers",
    containers.map(({ name }) => name),
  );
  return { containers, volumes, ...(pauseImage !== undefined && { pauseImage }) };
}

function parseVolume(field: string, volume: atelet.Volume): string {
  if (volume.source.case !== "durableDir") throw new InvalidInput(field, "should be a durable directory");
  return validateDns1123Label(`${field}.name`, volume.name);
}

function parseContainer(
  field: string,
  container: atelet.Container,
  volumes: readonly string[],
): WorkloadContainer {
  const name = validateDns1123Label(`${field}.name`, container.name);
  if (name === pauseContainer) throw new InvalidInput(`${field}.name`, `${pauseContainer} is reserved`);
  const mounts = container.volumeMounts.map((mount, position) => {
    const at = `${field}.volume_mounts[${position}]`;
    if (!volumes.includes(mount.name))
      throw new InvalidInput(`${at}.name`, `there is no volume ${JSON.stringify(mount.name)}`);
    return { volume: mount.name, mountPath: validateMountPath(`${at}.mount_path`, mount.mountPath) };
  });
  refuseDuplicates(
    `${field}.volume_mounts`,
    mounts.map(({ mountPath }) => mountPath),
  );
  const probe = container.readyz?.httpGet;
  if (probe && !(probe.port >= 1 && probe.port <= 65_535)) {
    throw new InvalidInput(`${field}.readyz.http_get.port`, `${probe.port} should be between 1 and 65535`);
  }
  if (container.image === "") throw new InvalidInput(`${field}.image`, "is required");
  return {
    name,
    image: container.image,
    command: container.command,
    env: parseEnv(`${field}.env`, container.env),
    mounts,
    ...(probe && { readyz: { path: probe.path, port: probe.port } }),
  };
}

function parseEnv(field: string, entries: readonly atelet.EnvEntry[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { name, value } of entries) {
    // The value may be a secret; it is not repeated.
    if (name === "" || /[=\0]/.test(name) || value.includes("\0")) {
      throw new InvalidInput(field, `${JSON.stringify(name)} is no environment variable`);
    }
    env[name] = value;
  }
  return env;
}

function refuseDuplicates(field: string, names: readonly string[]): void {
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (twice !== undefined) throw new InvalidInput(field, `holds ${JSON.stringify(twice)} twice`);
}
