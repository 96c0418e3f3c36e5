import { readdir, readFile } from "node:fs/promises";
import { type ContractPaths, workerNetnsPath } from "@agent-substrate/contract";
import type { OwnWorker } from "./bench.ts";
import { pathsBelow } from "./paths-below.ts";
import { processTree } from "./processes.ts";
import { runCommand } from "./run-command.ts";

/** How many of each kind of thing a back end has. */
export interface Belongings {
  /** In its pid namespace and below. */
  readonly processes: number;
  /** In its mount namespace. */
  readonly mounts: number;
  /** Named network namespaces, as it sees them. */
  readonly networkNamespaces: number;
  /** Tables, chains, sets and rules in its worker's namespace. */
  readonly packetFilterObjects: number;
  /** Below the base path, without those of actors. */
  readonly files: number;
  /** Open in the back end's own process. */
  readonly descriptors: number;
}

export async function countBelongings(
  { uid, process }: OwnWorker,
  paths: ContractPaths,
): Promise<Belongings> {
  const root = process.rootPid;
  const [tree, mounts, namespaces, ruleset, files, descriptors] = await Promise.all([
    processTree(root),
    readFile(`/proc/${root}/mountinfo`, "utf8"),
    readdir(`/proc/${root}/root/run/netns`),
    runCommand(["nsenter", `--net=${workerNetnsPath(uid)}`, "nft", "-j", "list", "ruleset"]),
    pathsBelow(paths.basePath),
    readdir(`/proc/${await process.commandPid()}/fd`),
  ]);
  const isOthers = (name: string) => name !== `ateom:${uid}` && name.startsWith("ateom:");
  return {
    processes: tree.length,
    mounts: mounts.split("\n").length - 1,
    // Other items' back ends come and go beside this one.
    networkNamespaces: namespaces.filter((name) => !isOthers(name) && !name.startsWith("worker:")).length,
    packetFilterObjects: (JSON.parse(ruleset) as { nftables: unknown[] }).nftables.length,
    files: files.filter((path) => isOwnFile(path, paths, uid)).length,
    descriptors: descriptors.length,
  };
}

/** Of the worker, or of nobody else: other items' actors and workers lie below the same path. */
function isOwnFile(path: string, paths: ContractPaths, uid: string): boolean {
  const inActors = path.startsWith(`${paths.basePath}/actors/`);
  const inWorkers = path.startsWith(`${paths.basePath}/ateoms/`);
  return !inActors && (!inWorkers || path.startsWith(`${paths.ateom(uid).directory}/`));
}
