import { createReadStream } from "node:fs";
import { pipeline, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { packLayer, readFolder } from "@agent-substrate/sdk/images";

/** A folder in the OCI layout as a tar archive. */
export async function packLayout(folder: string): Promise<AsyncIterable<Uint8Array>> {
  return packLayer(await readFolder(folder));
}

/** A tar archive, decompressed where its first bytes say gzip or zstd. */
export async function* openArchive(path: string): AsyncIterable<Uint8Array> {
  const stream = createReadStream(path, { highWaterMark: 1024 * 1024 });
  const decompress = createDecompressor(await firstBytes(path));
  // The pipeline's own error also fails the iteration.
  yield* decompress ? pipeline(stream, decompress, () => undefined) : stream;
}

function createDecompressor(first: Buffer): Transform | undefined {
  if (first.readUInt16BE(0) === 0x1f8b) return createGunzip();
  return first.readUInt32LE(0) === 0xfd2fb528 ? createZstdDecompress() : undefined;
}

async function firstBytes(path: string): Promise<Buffer> {
  const bytes = Buffer.alloc(4);
  for await (const chunk of createReadStream(path, { end: 3 })) (chunk as Buffer).copy(bytes);
  return bytes;
}
