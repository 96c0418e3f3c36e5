import { createHash } from "node:crypto";
import type { Pack } from "tar-stream";
import { archiveOf } from "./archive.ts";
import { completeFiles, type ImageContents, type ImageFile } from "./image-files.ts";
import { packLayer } from "./layer.ts";
import { writeEntry } from "./write-entry.ts";

/** An image of one layer, ready to be sent. */
export interface AssembledImage {
  /** `sha256:…` of the image manifest. */
  readonly digest: string;
  /** The whole image as a tar archive in the OCI image layout. */
  archive(): AsyncIterable<Uint8Array>;
}

interface Blob {
  readonly digest: string;
  readonly size: number;
}

/** Reads every copied file once for its digest; `archive` reads them again. Equal contents give equal bytes. */
export async function assembleImage(contents: ImageContents, architecture: string): Promise<AssembledImage> {
  const files = completeFiles(contents.files);
  const layer = await measure(packLayer(files));
  const config = JSON.stringify(imageConfig(contents, architecture, layer.digest));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...blobOf(config) },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer }],
  });
  return {
    digest: blobOf(manifest).digest,
    archive: () => archiveOf((archive) => addLayout(archive, { files, layer, config, manifest })),
  };
}

function imageConfig(contents: ImageContents, architecture: string, diffId: string): object {
  return {
    architecture,
    os: "linux",
    config: {
      Entrypoint: contents.entrypoint,
      Env: Object.entries(contents.env).map(([name, value]) => `${name}=${value}`),
      WorkingDir: contents.workingDir ?? "/",
      ...(contents.user !== undefined && { User: contents.user }),
    },
    rootfs: { type: "layers", diff_ids: [diffId] },
  };
}

interface Layout {
  readonly files: readonly ImageFile[];
  readonly layer: Blob;
  readonly config: string;
  readonly manifest: string;
}

async function addLayout(archive: Pack, { files, layer, config, manifest }: Layout): Promise<void> {
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [{ mediaType: "application/vnd.oci.image.manifest.v1+json", ...blobOf(manifest) }],
  });
  addText(archive, "oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  addText(archive, "index.json", index);
  for (const text of [manifest, config]) addText(archive, blobPath(blobOf(text)), text);
  const entry = archive.entry({ name: blobPath(layer), size: layer.size, mode: 0o644, mtime: new Date(0) });
  await writeEntry(entry, packLayer(files));
}

function addText(archive: Pack, name: string, text: string): void {
  archive.entry({ name, mode: 0o644, mtime: new Date(0) }, text);
}

function blobPath(blob: Blob): string {
  return `blobs/sha256/${blob.digest.slice("sha256:".length)}`;
}

function blobOf(text: string): Blob {
  return {
    digest: `sha256:${createHash("sha256").update(text).digest("hex")}`,
    size: Buffer.byteLength(text),
  };
}

async function measure(stream: AsyncIterable<Uint8Array>): Promise<Blob> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    size += chunk.byteLength;
  }
  return { digest: `sha256:${hash.digest("hex")}`, size };
}
