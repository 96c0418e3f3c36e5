import type { CallOptions } from "@connectrpc/connect";
import type { SubstrateClient } from "./substrate-client.ts";

/** The contract's limit of a message's `chunk`. */
const chunkBytesMax = 1024 * 1024;

export interface ImageImport {
  /** DNS-1123 label; what stands after `local/` in the reference. */
  readonly name: string;
  /** A tar archive in the OCI image layout. */
  readonly archive: AsyncIterable<Uint8Array>;
}

/** Puts an image into the nodes' store and answers its pinned reference, `local/NAME@sha256:…`. */
export async function importImage(
  client: SubstrateClient,
  image: ImageImport,
  options?: CallOptions,
): Promise<string> {
  const { reference } = await client.images.importImage(chunks(image), options);
  return reference;
}

async function* chunks({ name, archive }: ImageImport): AsyncIterable<{ name?: string; chunk?: Uint8Array }> {
  yield { name };
  for await (const bytes of archive) {
    for (let offset = 0; offset < bytes.length; offset += chunkBytesMax) {
      yield { chunk: bytes.subarray(offset, offset + chunkBytesMax) };
    }
  }
}
