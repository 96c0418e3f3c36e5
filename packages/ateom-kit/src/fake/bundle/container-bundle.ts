import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Workload } from "../../back-end.ts";

/** What the node wrote for one container, as far as the fake heeds it. */
export interface ContainerBundle {
  readonly image: string;
  readonly hostname: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly binds: readonly {
    readonly source: string;
    readonly target: string;
    readonly isReadOnly: boolean;
  }[];
}

interface OciMount {
  readonly type?: string;
  readonly source: string;
  readonly destination: string;
  readonly options?: readonly string[];
}

export async function readBundle(workload: Workload, container: string): Promise<ContainerBundle> {
  const directory = workload.paths.bundle(container);
  const spec = JSON.parse(await readFile(join(directory, "config.json"), "utf8"));
  const { root, hostname, process, mounts } = spec;
  return {
    image: resolve(directory, root.path),
    hostname,
    args: process.args,
    env: Object.fromEntries(process.env.map((entry: string) => entry.split(/=(.*)/s, 2))),
    cwd: process.cwd,
    user: process.user,
    binds: (mounts as readonly OciMount[])
      .filter(({ type }) => type === "bind")
      .map(({ source, destination, options }) => ({
        source,
        target: destination,
        isReadOnly: options?.includes("ro") ?? false,
      })),
  };
}

/** Where the node keeps what the workload's containers mount as durable directories, each once. */
export async function durableFolders(workload: Workload): Promise<string[]> {
  const folders = await Promise.all(
    workload.containers.map(async ({ name, durableDirMountPaths }) => {
      const { binds } = await readBundle(workload, name);
      return binds.filter(({ target }) => durableDirMountPaths.includes(target)).map(({ source }) => source);
    }),
  );
  return [...new Set(folders.flat())].sort();
}
