import { defaultBasePath, workerNetnsPath } from "@agent-substrate/contract";
import type { PoolDefinition } from "./pool-definition.ts";

/** Program and arguments of a back end's process, without a shell that would read any of them. */
export type BackEndCommand = readonly [program: string, ...args: string[]];

/** The script is fixed; what it works on are its arguments. */
const bindThenRun = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';

/**
 * How the workers `uids` are started. A process has its own pid and mount namespace: when its first
 * process ends, whatever way, all sandboxes, mounts and network namespaces that it made end with it. A
 * process of one worker lives in that worker's network; one of several in the machine's, and enters
 * theirs by name.
 */
export function backEndCommand(
  pool: PoolDefinition,
  basePath: string,
  uids: readonly string[],
): BackEndCommand {
  const [only] = uids;
  const enterNetwork =
    pool.workersPerProcess === 1 && only !== undefined
      ? ["nsenter", `--net=${workerNetnsPath(only)}`, "--"]
      : [];
  const bind = pool.hasFixedBasePath ? ["sh", "-c", bindThenRun, "sh", basePath, defaultBasePath] : [];
  const isolate = [
    "unshare",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "--propagation",
    "private",
    "--",
  ];
  // The first process of a pid namespace must reap what is orphaned there.
  const [program, ...args] = [...enterNetwork, ...isolate, ...bind, "tini", "--", ...pool.command];
  return [program as string, ...args, ...uids.map((uid) => `--pod-uid=${uid}`)];
}

/**
 * How a back end of the pool calls the paths of this node: one that knows no other base path finds the node's
 * folder there, and compares what it is told with the path conventions.
 */
export function pathsSeenBy(
  { hasFixedBasePath }: PoolDefinition,
  basePath: string,
): (path: string) => string {
  if (!hasFixedBasePath) return (path) => path;
  return (path) =>
    path.startsWith(`${basePath}/`) ? `${defaultBasePath}${path.slice(basePath.length)}` : path;
}

/** The whole environment of the process. What the contract sets, a pool cannot change. */
export function backEndEnv(pool: PoolDefinition, basePath: string, path: string): Record<string, string> {
  return {
    PATH: path,
    ...pool.env,
    ATE_BASE_PATH: pool.hasFixedBasePath ? defaultBasePath : basePath,
    ATE_PARENT_GUARD: "stdin",
  };
}
