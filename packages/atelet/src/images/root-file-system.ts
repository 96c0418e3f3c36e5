import { execFile } from "node:child_process";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { NodePaths } from "../node-paths.ts";
import type { Digest } from "./digest.ts";
import { digestHex } from "./digest.ts";
import type { StagedImage } from "./image-archive.ts";
import type { ImageConfig } from "./image-documents.ts";
import { resolveImageUser } from "./image-user.ts";
import { unpackLayer } from "./layer-unpack.ts";
import { lstatOrUndefined, RootedTree } from "./rooted-tree.ts";

/**
 * The shared root file system of an image: of one layer the layer itself, so that images of the same
 * layer share it; of several all of them merged. Merged rather than mounted over each other: there
 * is no mount to leak, and a sandbox reads it as one directory.
 */
export function rootFileSystemPath(paths: NodePaths, manifestDigest: Digest, config: ImageConfig): string {
  const [only] = config.diffIds;
  return only && config.diffIds.length === 1
    ? join(paths.layers, digestHex(only))
    : join(paths.rootFileSystems, digestHex(manifestDigest));
}

/**
 * Unpacks the image whose blobs lie in `staging` and moves it to its place when it is whole and on the
 * disk. Flushes the file system once, which holds for the blobs too.
 */
export async function unpackRootFileSystem(
  paths: NodePaths,
  staging: string,
  image: StagedImage,
): Promise<void> {
  const target = rootFileSystemPath(paths, image.manifestDigest, image.config);
  const existing = await lstatOrUndefined(target);
  const tree = existing ? target : join(staging, "rootfs");
  if (!existing) {
    await mkdir(tree, { mode: 0o755 });
    for (const [position, diffId] of image.config.diffIds.entries()) {
      const layer = image.manifest.layers[position];
      if (layer) await unpackLayer(tree, join(staging, "blobs", digestHex(layer.digest)), diffId);
    }
  }
  await makeWorkingDirectory(tree, image.config.workingDir);
  await resolveImageUser(tree, image.config.user);
  // One flush of the file system instead of one for each of the image's files.
  await promisify(execFile)("sync", ["--file-system", staging]);
  if (!existing) await rename(tree, target);
}

/** WORKDIR exists in the image from here on, as a Dockerfile's reader expects. */
async function makeWorkingDirectory(rootPath: string, workingDir: string): Promise<void> {
  const tree = new RootedTree(rootPath);
  if ((await tree.find(workingDir)) === undefined) await tree.makeDirectory(workingDir);
}
