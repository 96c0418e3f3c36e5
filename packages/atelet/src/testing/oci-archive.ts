// Builds image archives for tests, honest ones and such as no honest tool would write.
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type Header, pack } from "tar-stream";

export interface TestFile extends Partial<Header> {
  readonly name: string;
  readonly content?: string | Buffer;
}

export interface TestImage {
  readonly layers: readonly (readonly TestFile[])[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly compression?: "none" | "gzip" | "zstd";
  readonly architecture?: string;
}

export async function tarOf(files: readonly TestFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of files) {
    archive.entry({ mtime: new Date(0), ...header }, content ?? "");
  }
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** An archive in the OCI image layout. `alter` may change or drop entries before they are packed. */
export async function imageArchive(
  image: TestImage,
  alter: (files: TestFile[]) => TestFile[] = (files) => files,
): Promise<Buffer> {
  const blobs: TestFile[] = [];
  const addBlob = (content: Buffer, mediaType: string) => {
    const digest = sha256(content);
    blobs.push({ name: `blobs/sha256/${digest}`, content });
    return { mediaType, digest: `sha256:${digest}`, size: content.length };
  };
  const diffIds: string[] = [];
  const layers = [];
  for (const files of image.layers) {
    const tar = await tarOf(files);
    diffIds.push(`sha256:${sha256(tar)}`);
    layers.push(addBlob(compress(tar, image.compression), "application/vnd.oci.image.layer.v1.tar"));
  }
  const architecture = image.architecture ?? (process.arch === "arm64" ? "arm64" : "amd64");
  const config = addBlob(
    json({
      os: "linux",
      architecture,
      config: image.config ?? {},
      rootfs: { type: "layers", diff_ids: diffIds },
    }),
    "application/vnd.oci.image.config.v1+json",
  );
  const manifest = addBlob(
    json({ schemaVersion: 2, config, layers }),
    "application/vnd.oci.image.manifest.v1+json",
  );
  const index = json({
    schemaVersion: 2,
    manifests: [{ ...manifest, platform: { os: "linux", architecture } }],
  });
  return tarOf(
    alter([
      { name: "oci-layout", content: json({ imageLayoutVersion: "1.0.0" }) },
      { name: "index.json", content: index },
      ...blobs,
    ]),
  );
}

export async function* inChunks(bytes: Buffer, size = 100_000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function compress(tar: Buffer, compression: TestImage["compression"]): Buffer {
  if (compression === "gzip") return gzipSync(tar);
  if (compression === "zstd") return zstdCompressSync(tar);
  return tar;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
