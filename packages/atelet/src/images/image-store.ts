// The images of this node, under <base path>/images: blobs by digest, and the names given to them.
// A name is written when all that it stands for is on the disk, so an image is either whole or
// unknown, whatever was interrupted.
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { validateDns1123Label } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { NodePaths } from "../node-paths.ts";
import { Turns } from "../turns.ts";
import { type Digest, digestHex } from "./digest.ts";
import { type StagedImage, stageArchive } from "./image-archive.ts";
import { type ImageConfig, parseImageConfig, parseImageManifest } from "./image-documents.ts";
import { ImageIndex, type StoredImage } from "./image-index.ts";
import { formatLocalReference, parseLocalReference } from "./image-reference.ts";
import { type ImageUser, resolveImageUser } from "./image-user.ts";
import { rootFileSystemPath, unpackRootFileSystem } from "./root-file-system.ts";

/** An image that is unpacked on this node. */
export interface ResolvedImage {
  readonly digest: Digest;
  /** Shared by all actors of the image; nobody writes there. */
  readonly rootPath: string;
  readonly config: ImageConfig;
  readonly user: ImageUser;
}

const waitingImportsMax = 8;
const resolvedMax = 256;

export class ImageStore {
  readonly #paths: NodePaths;
  readonly #architecture: string;
  readonly #index: ImageIndex;
  readonly #imports = new Turns("image imports", { waitingMax: waitingImportsMax });
  readonly #resolved = new Map<Digest, ResolvedImage>();

  private constructor(paths: NodePaths, architecture: string, index: ImageIndex) {
    this.#paths = paths;
    this.#architecture = architecture;
    this.#index = index;
  }

  static async open(paths: NodePaths, architecture: string): Promise<ImageStore> {
    await rm(join(paths.images, "staging"), { recursive: true, force: true });
    await mkdir(join(paths.images, "staging"), { mode: 0o700 });
    await mkdir(join(paths.images, "blobs", "sha256"), { recursive: true, mode: 0o700 });
    return new ImageStore(paths, architecture, await ImageIndex.open(paths.images));
  }

  list(): readonly StoredImage[] {
    return this.#index.list();
  }

  /** Takes a tar archive in the OCI image layout; answers its pinned reference. One at a time. */
  import(name: string, chunks: AsyncIterable<Uint8Array>): Promise<string> {
    validateDns1123Label("name", name);
    return this.#imports.take(async () => {
      const staging = join(this.#paths.images, "staging", randomUUID());
      await mkdir(staging, { mode: 0o700 });
      try {
        const image = await stageArchive(chunks, staging, this.#architecture);
        if (!this.#index.has(image.manifestDigest)) await this.#store(staging, image);
        const { manifestDigest: digest, sizeBytes } = image;
        await this.#index.add({ name, digest, sizeBytes, importedAt: Date.now() });
        return formatLocalReference({ name, digest });
      } finally {
        await rm(staging, { recursive: true, force: true });
      }
    });
  }

  /** Finds a pinned image. FAILED_PRECONDITION where this node does not hold it. */
  async resolve(field: string, reference: string): Promise<ResolvedImage> {
    const local = parseLocalReference(field, reference);
    if (!local) {
      throw new ConnectError(
        `${field}: ${reference} lies in a registry, and this node takes images from its own store only; import it and use local/NAME@sha256:…`,
        Code.FailedPrecondition,
      );
    }
    const known = this.#index
      .list()
      .some(({ name, digest }) => name === local.name && digest === local.digest);
    if (!known) {
      throw new ConnectError(
        `${field}: this node does not hold the image ${reference}; import it`,
        Code.FailedPrecondition,
      );
    }
    return this.#resolve(local.digest);
  }

  async #resolve(digest: Digest): Promise<ResolvedImage> {
    const kept = this.#resolved.get(digest);
    if (kept) return kept;
    const manifest = parseImageManifest(await readFile(this.#blobPath(digest)));
    const config = parseImageConfig(await readFile(this.#blobPath(manifest.config.digest)));
    const rootPath = rootFileSystemPath(this.#paths, digest, config);
    const user = await resolveImageUser(rootPath, config.user);
    const image: ResolvedImage = { digest, rootPath, config, user };
    const [oldest] = this.#resolved.keys();
    if (this.#resolved.size >= resolvedMax && oldest) this.#resolved.delete(oldest);
    this.#resolved.set(digest, image);
    return image;
  }

  async #store(staging: string, image: StagedImage): Promise<void> {
    await unpackRootFileSystem(this.#paths, staging, image);
    for (const digest of image.blobs) {
      await rename(join(staging, "blobs", digestHex(digest)), this.#blobPath(digest));
    }
  }

  #blobPath(digest: Digest): string {
    return join(this.#paths.images, "blobs", "sha256", digestHex(digest));
  }
}
