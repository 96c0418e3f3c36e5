import type { SubstrateClient } from "@agent-substrate/sdk";
import type { AssembledImage } from "./oci-layout.ts";

/** The most bytes of an archive that one message may hold. */
const chunkBytesMax = 1024 * 1024;

/** Sends an image to the nodes; answers its pinned reference. */
export async function importImage(
  client: SubstrateClient,
  name: string,
  image: AssembledImage,
  signal: AbortSignal,
): Promise<string> {
  const { reference } = await client.images.importImage(messages(name, image), { signal });
  return reference;
}

async function* messages(
  name: string,
  image: AssembledImage,
): AsyncGenerator<{ name?: string; chunk: Uint8Array }> {
  yield { name, chunk: new Uint8Array() };
  for await (const bytes of image.archive()) {
    for (let start = 0; start < bytes.byteLength; start += chunkBytesMax) {
      yield { chunk: bytes.subarray(start, start + chunkBytesMax) };
    }
  }
}
