import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { InvalidInput } from "@agent-substrate/contract";

/** `sha256:` and 64 lower-case hex characters. */
export type Digest = `sha256:${string}`;

export function parseDigest(field: string, text: unknown): Digest {
  if (typeof text !== "string" || !/^sha256:[a-f0-9]{64}$/.test(text)) {
    throw new InvalidInput(field, `${JSON.stringify(text)?.slice(0, 100)} is no sha256 digest`);
  }
  return text as Digest;
}

/** The 64 hex characters. */
export function digestHex(digest: Digest): string {
  return digest.slice("sha256:".length);
}

export function digestOfHex(hex: string): Digest {
  return `sha256:${hex}`;
}

/** SHA-256 of a file in hex, read in pieces off the event loop's turns. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest("hex");
}
