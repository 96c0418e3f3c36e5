import type { SubstrateClient } from "@agent-substrate/sdk";
import { builtInResources } from "./built-in-resources.ts";

/** The atespace of whoever names none. */
const defaultAtespace = "default";

/** Idempotent: a data folder that was used before has them already. */
export async function applyBuiltInResources(
  client: SubstrateClient,
  options: { readonly runsc: string; readonly workers: number },
  signal: AbortSignal,
): Promise<void> {
  for (const object of await builtInResources(options)) {
    await client.resources.applyResource({ object }, { signal });
  }
  const { atespaces } = await client.control.listAtespaces({}, { signal });
  if (!atespaces.some(({ name }) => name === defaultAtespace)) {
    await client.control.createAtespace({ name: defaultAtespace }, { signal });
  }
}
