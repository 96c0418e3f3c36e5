import { defaultBasePath, workerNetnsPath } from "@agent-substrate/contract";

/** The script is fixed; what it works on are its arguments. */
const bindThenRun = 'mkdir -p "$2" && mount --bind "$1" "$2" && shift 2 && exec "$@"';

export interface BackEndStart {
  readonly command: readonly string[];
  readonly basePath: string;
  readonly isFixedBasePath: boolean;
  readonly uids: readonly string[];
}

/**
 * How the suite starts a back end, as nodes do: first in pid and mount namespaces of its own, so that all
 * it made can be counted and ends with it, and in its worker's network where it serves one worker only.
 */
export function backEndCommand({
  command,
  basePath,
  isFixedBasePath,
  uids,
}: BackEndStart): readonly string[] {
  const [only] = uids;
  const enterNetwork =
    uids.length === 1 && only !== undefined ? ["nsenter", `--net=${workerNetnsPath(only)}`, "--"] : [];
  return [
    ...enterNetwork,
    ...["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private", "--"],
    ...(isFixedBasePath ? ["sh", "-c", bindThenRun, "sh", basePath, defaultBasePath] : []),
    ...["tini", "--", ...command],
    ...uids.map((uid) => `--pod-uid=${uid}`),
  ];
}
