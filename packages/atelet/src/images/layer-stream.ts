import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { PassThrough, type Readable, Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { InvalidInput } from "@agent-substrate/contract";

/** Uncompressed bytes that one layer may have. */
export const layerBytesMax = 32 * 1024 ** 3;

/** A layer's tar: what to pipe the file through, and the diff id once all has passed. */
export interface LayerStream {
  readonly source: Readable;
  readonly stages: readonly NodeJS.ReadWriteStream[];
  /** `sha256:…` of the uncompressed bytes; valid when the pipeline has ended. */
  diffId(): string;
}

/** Opens a layer blob; gzip, zstd or nothing is told by its first bytes, not by what its name says. */
export async function openLayer(path: string): Promise<LayerStream> {
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(
        bytes > layerBytesMax ? new InvalidInput("layer", `has more than ${layerBytesMax} bytes`) : null,
        chunk,
      );
    },
  });
  return {
    source: createReadStream(path, { highWaterMark: 1 << 18 }),
    stages: [await decompression(path), measure],
    diffId: () => `sha256:${hash.digest("hex")}`,
  };
}

async function decompression(path: string): Promise<NodeJS.ReadWriteStream> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const magic = buffer.subarray(0, bytesRead).toString("hex");
    if (magic.startsWith("1f8b")) return createGunzip();
    if (magic === "28b52ffd") return createZstdDecompress();
    return new PassThrough();
  } finally {
    await file.close();
  }
}
