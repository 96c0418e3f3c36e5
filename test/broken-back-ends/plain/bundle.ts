import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Workload } from "./workload.ts";

interface OciSpec {
  readonly root: { readonly path: string };
  readonly hostname: string;
  readonly process: {
    readonly args: readonly string[];
    readonly env: readonly string[];
    readonly cwd: string;
    readonly user: { readonly uid: number; readonly gid: number };
  };
  readonly mounts: readonly {
    readonly type: string;
    readonly source: string;
    readonly destination: string;
  }[];
}

/** What the node wrote for the container. */
export interface Bundle extends Omit<OciSpec, "root" | "mounts"> {
  readonly root: string;
  /** Source and destination. */
  readonly binds: readonly (readonly [string, string])[];
  /** The host's side of the durable directories. */
  readonly volumes: readonly string[];
}

export async function readBundle({ paths, container, durablePaths }: Workload): Promise<Bundle> {
  const folder = paths.bundle(container);
  const spec = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as OciSpec;
  const binds = spec.mounts
    .filter(({ type }) => type === "bind")
    .map(({ source, destination }) => [source, destination] as const);
  const volumes = binds.filter(([, to]) => durablePaths.includes(to)).map(([source]) => source);
  return { ...spec, root: resolve(folder, spec.root.path), binds, volumes };
}
