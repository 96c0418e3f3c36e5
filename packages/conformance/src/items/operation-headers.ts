import { randomUUID } from "node:crypto";
import { generationHeader, operationIdHeader } from "@agent-substrate/contract";
import type { CallOptions } from "@connectrpc/connect";

/** A call under an operation id, a new one by default, and perhaps a generation. */
export function operation(
  id: string = randomUUID(),
  generation?: number,
): Required<Pick<CallOptions, "headers">> & { readonly headers: Record<string, string> } {
  return {
    headers: {
      [operationIdHeader]: id,
      ...(generation !== undefined && { [generationHeader]: String(generation) }),
    },
  };
}
