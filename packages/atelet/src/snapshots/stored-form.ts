// The form of a snapshot's files in external storage: plain zstd, as this code writes it, or the
// sparse form that older programs write. Both are read.
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { InvalidInput } from "@agent-substrate/contract";
import { ByteReader } from "./byte-reader.ts";

/** Added to the name of each stored file. */
export const storedSuffix = ".zstd";

const sparseMagic = Buffer.from("ATESPRSE", "ascii");
const sparseVersion = 2;
const fileBytesMax = 1024 ** 4;
/** Pages of memory compress well at the least effort already. */
const compressionLevel = 1;

/** A file as it is stored. */
export function openStoredForm(path: string): Readable {
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: compressionLevel } });
  const source = createReadStream(path, { highWaterMark: 1 << 20 });
  source.on("error", (error) => compress.destroy(error));
  compress.on("close", () => source.destroy());
  return source.pipe(compress);
}

/** Writes a new file (0400) from its stored form. InvalidInput where it has more than `bytesMax` bytes (default: 1 TiB). */
export async function writeFromStoredForm(
  stored: Readable,
  path: string,
  signal: AbortSignal,
  bytesMax = fileBytesMax,
): Promise<void> {
  const reader = new ByteReader(stored);
  const sparse = (await reader.peek(sparseMagic.length)).equals(sparseMagic);
  if (sparse) {
    await reader.take(sparseMagic.length);
    const version = (await reader.take(4)).readUInt32LE();
    if (version !== sparseVersion)
      throw new InvalidInput("stored snapshot file", `has the sparse form ${version}`);
  }
  const decompress = createZstdDecompress();
  if (!sparse) {
    await pipeline(
      Readable.from(reader.rest()),
      decompress,
      (content) => atMost(bytesMax, content),
      createWriteStream(path, { flags: "wx", mode: 0o400 }),
      { signal },
    );
    return;
  }
  await pipeline(
    Readable.from(reader.rest()),
    decompress,
    (content) => writeExtents(new ByteReader(content), path, bytesMax),
    { signal },
  );
}

async function* atMost(bytesMax: number, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new InvalidInput("stored snapshot file", `has more than ${bytesMax} bytes`);
    yield chunk;
  }
}

async function writeExtents(reader: ByteReader, path: string, bytesMax: number): Promise<void> {
  const total = await takeNumber(reader);
  if (total < 0 || total > bytesMax) throw new InvalidInput("stored snapshot file", `has ${total} bytes`);
  const file = await open(path, "wx", 0o400);
  try {
    await file.truncate(total);
    for (let offset = await takeNumber(reader); offset !== -1; offset = await takeNumber(reader)) {
      let left = await takeNumber(reader);
      if (offset < 0 || left < 0 || offset + left > total) {
        throw new InvalidInput("stored snapshot file", "has an extent outside of the file");
      }
      for (let at = offset; left > 0; ) {
        const part = await reader.takeSome(Math.min(left, 1 << 20));
        await file.write(part, 0, part.length, at);
        at += part.length;
        left -= part.length;
      }
    }
  } finally {
    await file.close();
  }
}

async function takeNumber(reader: ByteReader): Promise<number> {
  return Number((await reader.take(8)).readBigInt64LE());
}
