import { randomBytes } from "node:crypto";
import type { ActorKey, ActorPaths, ateom, ContractPaths } from "@agent-substrate/contract";
import type { MessageInitShape } from "@bufbuild/protobuf";

/** A container of a test actor. */
export interface ActorContainer {
  /** Default `app`. */
  readonly name?: string;
  /** Variables of the probe. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: port 80 and no path. `undefined` given as such: none. */
  readonly readyz?: { readonly path?: string; readonly port: number } | undefined;
  /** Mounts the actor's durable directory at /durable. Default: as the actor. */
  readonly isDurable?: boolean;
}

export interface ActorOptions {
  readonly id?: string;
  readonly containers?: readonly ActorContainer[];
  /** Whether its containers mount a durable directory. */
  readonly isDurable?: boolean;
  readonly process?: ProcessOptions;
}

/** What the bundle says of the container's process, beside arguments. */
export interface ProcessOptions {
  /** Default `/`. */
  readonly cwd?: string;
  /** Default root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** After the probe's own. */
  readonly args?: readonly string[];
  /** In place of the probe. */
  readonly command?: readonly string[];
}

/** An actor of the suite: names, containers, and where its files lie. */
export interface Actor {
  readonly key: ActorKey;
  readonly paths: ActorPaths;
  readonly containers: readonly (ActorContainer & { readonly name: string; readonly isDurable: boolean })[];
  readonly isDurable: boolean;
  readonly process: ProcessOptions;
  /** The fields that Run, Checkpoint and Restore have in common, without assets. */
  readonly request: ActorRequest;
}

export interface ActorRequest {
  readonly actorTemplateNamespace: string;
  readonly actorTemplateName: string;
  readonly actorId: string;
  readonly spec: MessageInitShape<typeof ateom.WorkloadSpecSchema>;
}

/** The name of the only volume, and where containers mount it. */
export const volumeName = "data";
export const volumeMountPath = "/durable";

export function createActor(paths: ContractPaths, options: ActorOptions): Actor {
  const { isDurable = false, process = {} } = options;
  const key = {
    namespace: "conformance",
    template: "probe.space",
    actorId: options.id ?? `a-${randomBytes(6).toString("hex")}`,
  };
  const containers = (options.containers ?? [{}]).map((container) => ({
    ...container,
    readyz: "readyz" in container ? container.readyz : { port: 80 },
    name: container.name ?? "app",
    isDurable: container.isDurable ?? isDurable,
  }));
  return {
    key,
    paths: paths.actor(key),
    containers,
    isDurable: containers.some((container) => container.isDurable),
    process,
    request: {
      actorTemplateNamespace: key.namespace,
      actorTemplateName: key.template,
      actorId: key.actorId,
      spec: {
        containers: containers.map(({ name, readyz, isDurable }) => ({
          name,
          ...(readyz && { readyz: { httpGet: { path: readyz.path ?? "", port: readyz.port } } }),
          durableDirVolumes: isDurable ? [volumeMountPath] : [],
        })),
      },
    },
  };
}
