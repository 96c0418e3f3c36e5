import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNodeDirectories, type NodePaths, nodePaths } from "../node-paths.ts";

/** A data folder of a node that goes away with the test. */
export async function createNodeDirectory(): Promise<NodePaths & AsyncDisposable> {
  const basePath = await mkdtemp(join(tmpdir(), "atelet-"));
  const paths = nodePaths(basePath);
  await createNodeDirectories(paths);
  return {
    ...paths,
    [Symbol.asyncDispose]: () => rm(basePath, { recursive: true, force: true }),
  };
}
