import { Buffer } from "node:buffer";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type ContractPaths, contractPaths, validateFileName } from "@agent-substrate/contract";

/** Where the node supervisor keeps what is its own, beside the paths of the contract. */
export interface NodePaths {
  readonly contract: ContractPaths;
  readonly basePath: string;
  readonly images: string;
  /** Unpacked single layers, by diff id: each is also the root file system of its images. */
  readonly layers: string;
  /** Merged root file systems of images of several layers, by manifest digest. */
  readonly rootFileSystems: string;
  readonly assets: string;
  readonly actors: string;
  readonly snapshots: string;
  snapshot(prefix: string): string;
  readonly workers: string;
  readonly ateoms: string;
  readonly logs: string;
  /** Directories that were renamed out of the way and are being removed. */
  readonly trash: string;
  readonly network: string;
  readonly networkRecord: string;
  readonly resolvConf: string;
}

const socketPathBytesMax = 107;
const longestWorkerUid = "00000000-0000-0000-0000-000000000000";

/**
 * The paths under an absolute base path. Refuses one under which a worker's socket would have more
 * than 107 bytes, the most that the kernel takes.
 */
export function nodePaths(basePath: string): NodePaths {
  const contract = contractPaths(basePath);
  const socket = contract.ateom(longestWorkerUid).socket;
  const excess = Buffer.byteLength(socket) - socketPathBytesMax;
  if (excess > 0) {
    throw new Error(
      `the data folder ${basePath} is ${excess} bytes too long: a worker's socket (${socket}) may have ${socketPathBytesMax} bytes`,
    );
  }
  const at = (name: string) => join(basePath, name);
  return {
    contract,
    basePath,
    images: at("images"),
    layers: at("layers"),
    rootFileSystems: at("rootfs"),
    assets: at("static-files"),
    actors: at("actors"),
    snapshots: at("snapshots"),
    snapshot: (prefix) => join(basePath, "snapshots", validateFileName("snapshot prefix", prefix)),
    workers: at("workers"),
    ateoms: at("ateoms"),
    logs: at("logs"),
    trash: at("trash"),
    network: at("network"),
    networkRecord: join(basePath, "network", "network.json"),
    resolvConf: join(basePath, "network", "resolv.conf"),
  };
}

/** Makes the directories, 0700: nobody but root reads what actors leave there. */
export async function createNodeDirectories(paths: NodePaths): Promise<void> {
  const directories = [
    paths.basePath,
    paths.images,
    paths.layers,
    paths.rootFileSystems,
    paths.assets,
    paths.actors,
    paths.snapshots,
    paths.workers,
    paths.ateoms,
    paths.logs,
    paths.trash,
    paths.network,
  ];
  for (const directory of directories) await mkdir(directory, { recursive: true, mode: 0o700 });
}
