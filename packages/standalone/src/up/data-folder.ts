import { join } from "node:path";

/** Where one machine's state lies. All of it is under `root`. */
export interface DataFolder {
  readonly root: string;
  /** Sockets, the lock and what `up` says of itself: nothing here outlives a machine's restart. */
  readonly run: string;
  /** The base path of the contract: workers, actors, images, local snapshots. */
  readonly node: string;
  readonly controlPlane: string;
  readonly store: string;
  readonly snapshots: string;
  readonly log: string;
  readonly controlSocket: string;
  readonly nodeSocket: string;
  /** Held by the `up` that owns the folder. */
  readonly lock: string;
  /** JSON: see `RunningFacts`. */
  readonly facts: string;
}

export function dataFolder(root: string): DataFolder {
  const run = join(root, "run");
  const controlPlane = join(root, "ateapi");
  return {
    root,
    run,
    controlPlane,
    node: join(root, "node"),
    store: join(controlPlane, "substrate.db"),
    snapshots: join(root, "snapshots"),
    log: join(root, "log"),
    controlSocket: join(run, "control.sock"),
    nodeSocket: join(run, "atelet.sock"),
    lock: join(run, "up.lock"),
    facts: join(run, "up.json"),
  };
}

/** The most bytes that a Unix socket's path may have. */
const socketPathBytesMax = 107;

/** Returns what is wrong, if anything is. Of the paths under `root` a worker's socket is the longest. */
export function dataFolderFault(root: string): string | undefined {
  // The location of snapshots is a URL that is made of it and stands in every actor's record.
  const strange = /[^\p{L}\p{N}/._~@+,=-]/u.exec(root)?.[0];
  if (strange !== undefined)
    return `holds ${JSON.stringify(strange)}: use letters, digits and / . _ ~ @ + , = -`;
  const longest = join(root, "node/ateoms", "0".repeat(36), "ateom.sock");
  const excess = Buffer.byteLength(longest) - socketPathBytesMax;
  if (excess <= 0) return undefined;
  return `is ${excess} bytes too long: the sockets of its workers would have more than ${socketPathBytesMax}`;
}
