import { InvalidInput, validateDns1123Label } from "@agent-substrate/contract";
import { type Digest, parseDigest } from "./digest.ts";

/** An image in this node's own store. */
export interface LocalReference {
  readonly name: string;
  readonly digest: Digest;
}

/** `local/<name>@sha256:<manifest digest>`. */
export function formatLocalReference(reference: LocalReference): string {
  return `local/${reference.name}@${reference.digest}`;
}

/** Undefined for a pinned image of a registry; InvalidInput for what is not pinned. */
export function parseLocalReference(field: string, image: string): LocalReference | undefined {
  const at = image.indexOf("@");
  if (at < 0) {
    throw new InvalidInput(
      field,
      `${JSON.stringify(image)} is not pinned; it should end with @sha256:<digest>`,
    );
  }
  const digest = parseDigest(field, image.slice(at + 1));
  const name = image.slice(0, at);
  if (!name.startsWith("local/")) return undefined;
  return { name: validateDns1123Label(field, name.slice("local/".length)), digest };
}
