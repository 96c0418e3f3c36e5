import type { ResourceObject } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * The public port checks a bearer token where one is sent, and the user of the connection where none is: so
 * a call with this header was let in by the token alone.
 */
export function isByToken(headers: Headers): boolean {
  return headers.has("authorization");
}

/** PERMISSION_DENIED where a resource would have nodes start a program as root: a token is not enough for it. */
export function demandOwner(before: ResourceObject | undefined, after: ResourceObject): void {
  if (after.kind !== "SandboxConfig" || after.spec.localCommand.length === 0) return;
  if (before?.kind === "SandboxConfig" && JSON.stringify(before.spec) === JSON.stringify(after.spec)) return;
  throw new ConnectError(
    "spec.localCommand: nodes run it as root, so only root or the owner of this server may apply it, as themselves and without a token",
    Code.PermissionDenied,
  );
}
