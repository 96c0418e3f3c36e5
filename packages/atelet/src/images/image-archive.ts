import { createHash } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { InvalidInput } from "@agent-substrate/contract";
import { extract } from "tar-stream";
import { type Digest, digestHex } from "./digest.ts";
import {
  type Descriptor,
  type ImageConfig,
  type ImageManifest,
  isImageIndex,
  isImageManifest,
  parseImageConfig,
  parseImageIndex,
  parseImageManifest,
} from "./image-documents.ts";
import type { TarEntry } from "./tar-entry.ts";

/** Bytes that one archive may have. */
export const archiveBytesMax = 16 * 1024 ** 3;
const blobsMax = 1024;
const documentBytesMax = 4 * 1024 * 1024;

/** An image whose blobs lie in a staging directory, each with the digest that its name says. */
export interface StagedImage {
  readonly manifestDigest: Digest;
  readonly manifest: ImageManifest;
  readonly config: ImageConfig;
  /** Of manifest, config and layers. */
  readonly blobs: readonly Digest[];
  readonly sizeBytes: number;
}

/**
 * Reads a tar archive in the OCI image layout into `directory`/blobs and checks all that it says of
 * itself. Exactly one image of this architecture must be in it.
 */
export async function stageArchive(
  chunks: AsyncIterable<Uint8Array>,
  directory: string,
  architecture: string,
): Promise<StagedImage> {
  const blobs = join(directory, "blobs");
  await mkdir(blobs, { mode: 0o700 });
  const staged = new Map<string, number>();
  let index: Buffer | undefined;
  const archive = extract();
  const pumped = pipeline(Readable.from(bounded(chunks), { objectMode: false }), archive);
  pumped.catch(() => undefined);
  for await (const entry of archive) {
    const name = entry.header.name.replace(/^(\.?\/)+/, "");
    const blob = /^blobs\/sha256\/([a-f0-9]{64})$/.exec(name)?.[1];
    if (entry.header.type === "file" && name === "index.json") index = await readDocument(name, entry);
    else if (entry.header.type === "file" && blob) {
      if (staged.size >= blobsMax) throw new InvalidInput("archive", `holds more than ${blobsMax} blobs`);
      staged.set(blob, await stageBlob(blobs, blob, entry));
    }
    entry.resume();
  }
  await pumped;
  if (!index) throw new InvalidInput("archive", "holds no index.json; it should be in the OCI image layout");
  return readImage(index, blobs, staged, architecture);
}

async function* bounded(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > archiveBytesMax) throw new InvalidInput("archive", `has more than ${archiveBytesMax} bytes`);
    yield chunk;
  }
}

async function readDocument(name: string, entry: TarEntry): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of entry) {
    bytes += (part as Buffer).length;
    if (bytes > documentBytesMax) throw new InvalidInput(name, `has more than ${documentBytesMax} bytes`);
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

async function stageBlob(blobs: string, hex: string, entry: TarEntry): Promise<number> {
  const hash = createHash("sha256");
  let bytes = 0;
  const file = await open(join(blobs, hex), "wx", 0o400);
  try {
    for await (const part of entry) {
      hash.update(part as Buffer);
      bytes += (part as Buffer).length;
      await file.write(part as Buffer);
    }
  } finally {
    await file.close();
  }
  const found = hash.digest("hex");
  if (found !== hex) throw new InvalidInput(`blobs/sha256/${hex}`, `has the digest sha256:${found}`);
  return bytes;
}

async function readImage(
  index: Buffer,
  blobs: string,
  staged: ReadonlyMap<string, number>,
  architecture: string,
): Promise<StagedImage> {
  const check = (descriptor: Descriptor) => {
    const hex = digestHex(descriptor.digest);
    const bytes = staged.get(hex);
    if (bytes === undefined) throw new InvalidInput("archive", `lacks the blob ${descriptor.digest}`);
    if (bytes !== descriptor.sizeBytes) {
      throw new InvalidInput(
        "archive",
        `has ${bytes} bytes in ${descriptor.digest}, not ${descriptor.sizeBytes}`,
      );
    }
    return hex;
  };
  const read = async (descriptor: Descriptor) => {
    const hex = check(descriptor);
    if (descriptor.sizeBytes > documentBytesMax) {
      throw new InvalidInput(descriptor.digest, `has more than ${documentBytesMax} bytes`);
    }
    return readFile(join(blobs, hex));
  };
  let found = parseImageIndex(index, architecture);
  const nested = found.filter(isImageIndex);
  if (nested.length === 1 && nested[0] && !found.some(isImageManifest)) {
    found = parseImageIndex(await read(nested[0]), architecture);
  }
  const manifests = found.filter(isImageManifest);
  const [only] = manifests;
  if (!only || manifests.length !== 1) {
    throw new InvalidInput(
      "archive",
      `holds ${manifests.length} images for linux/${architecture}; it should hold one`,
    );
  }
  const manifest = parseImageManifest(await read(only));
  const config = parseImageConfig(await read(manifest.config));
  if (config.diffIds.length !== manifest.layers.length) {
    throw new InvalidInput("image config.rootfs.diff_ids", "should have one entry for each layer");
  }
  for (const layer of manifest.layers) check(layer);
  const parts = [only, manifest.config, ...manifest.layers];
  return {
    manifestDigest: only.digest,
    manifest,
    config,
    blobs: [...new Set(parts.map((part) => part.digest))],
    sizeBytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0),
  };
}
