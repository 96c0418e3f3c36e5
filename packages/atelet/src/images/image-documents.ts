// The JSON documents of the OCI image layout, as far as they are used. What a document says is
// checked here once; digests and sizes are checked against the blobs by who reads them.
import { InvalidInput } from "@agent-substrate/contract";
import { type Digest, parseDigest } from "./digest.ts";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

export interface ImageManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: readonly string[];
  /** As the image says it; resolved in its root file system. */
  readonly user: string;
  /** Absolute. */
  readonly workingDir: string;
  /** Digest of each layer's uncompressed tar, lowest first. */
  readonly diffIds: readonly Digest[];
}

const layersMax = 128;
const manifestsMax = 64;

const manifestTypes = new Set([
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
]);
const indexTypes = new Set([
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
]);

export function isImageManifest(descriptor: Descriptor): boolean {
  return manifestTypes.has(descriptor.mediaType);
}

export function isImageIndex(descriptor: Descriptor): boolean {
  return indexTypes.has(descriptor.mediaType);
}

/** The descriptors of an index that may be an image of this machine. */
export function parseImageIndex(bytes: Uint8Array, architecture: string): Descriptor[] {
  const document = parseObject("index.json", bytes);
  const manifests = list("index.json manifests", document.manifests, manifestsMax);
  return manifests
    .map((entry, position) => parseDescriptor(`index.json manifests[${position}]`, entry))
    .filter(
      ({ platform }) => !platform || (platform.os === "linux" && platform.architecture === architecture),
    );
}

export function parseImageManifest(bytes: Uint8Array): ImageManifest {
  const document = parseObject("manifest", bytes);
  const layers = list("manifest layers", document.layers, layersMax);
  if (layers.length === 0) throw new InvalidInput("manifest layers", "is empty");
  return {
    config: parseDescriptor("manifest config", document.config),
    layers: layers.map((entry, position) => parseDescriptor(`manifest layers[${position}]`, entry)),
  };
}

export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  const document = parseObject("image config", bytes);
  const process = object("image config.config", document.config ?? {});
  const rootfs = object("image config.rootfs", document.rootfs);
  const workingDir = text("image config.config.WorkingDir", process.WorkingDir);
  return {
    entrypoint: texts("image config.config.Entrypoint", process.Entrypoint),
    command: texts("image config.config.Cmd", process.Cmd),
    env: texts("image config.config.Env", process.Env),
    user: text("image config.config.User", process.User),
    workingDir: workingDir.startsWith("/") ? workingDir : `/${workingDir}`,
    diffIds: list("image config.rootfs.diff_ids", rootfs.diff_ids, layersMax).map((id, position) =>
      parseDigest(`image config.rootfs.diff_ids[${position}]`, id),
    ),
  };
}

function parseDescriptor(field: string, value: unknown): Descriptor {
  const entry = object(field, value);
  const sizeBytes = entry.size;
  if (typeof sizeBytes !== "number" || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw new InvalidInput(`${field}.size`, "is no size");
  }
  const platform = entry.platform === undefined ? undefined : object(`${field}.platform`, entry.platform);
  return {
    mediaType: text(`${field}.mediaType`, entry.mediaType),
    digest: parseDigest(`${field}.digest`, entry.digest),
    sizeBytes,
    ...(platform && {
      platform: {
        os: text(`${field}.platform.os`, platform.os),
        architecture: text(`${field}.platform.architecture`, platform.architecture),
      },
    }),
  };
}

function parseObject(field: string, bytes: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw new InvalidInput(field, "is no JSON");
  }
  return object(field, value);
}

function object(field: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidInput(field, "should be an object");
  }
  return value as Record<string, unknown>;
}

function list(field: string, value: unknown, max: number): unknown[] {
  if (!Array.isArray(value)) throw new InvalidInput(field, "should be a list");
  if (value.length > max)
    throw new InvalidInput(field, `has ${value.length} entries; at most ${max} are allowed`);
  return value;
}

function texts(field: string, value: unknown): string[] {
  return list(field, value ?? [], 1024).map((entry) => text(field, entry));
}

function text(field: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string" || value.includes("\0") || value.length > 131_072) {
    throw new InvalidInput(field, "should be a text");
  }
  return value;
}
