import type { ResourceObject } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * The public port checks a bearer token where one is sent, and the user of the connection where none is: so
 * a call with this header was let in by the token alone.
 */
export function isByToken(headers: Headers): boolean {
  return headers.has("authorization");
}

/** PERMISSION_DENIED where a resource says what nodes run as root, or with what: a token is not enough for it. */
export function demandOwner(before: ResourceObject | undefined, after: ResourceObject): void {
  const field = fieldOfRoot(after);
  if (field === undefined) return;
  if (before && JSON.stringify(specOf(before)) === JSON.stringify(specOf(after))) return;
  throw new ConnectError(
    `${field}: it decides what nodes run as root, so only root or the owner of this server may apply it, as themselves and without a token`,
    Code.PermissionDenied,
  );
}

/** Command, assets and base path are executables and their world; a pool's environment and devices likewise. */
function fieldOfRoot(object: ResourceObject): string | undefined {
  if (object.kind === "SandboxConfig") return "kind SandboxConfig";
  if (object.kind !== "WorkerPool") return undefined;
  const { template } = object.spec;
  const fields = ["env", "hostDevices", "hostPaths", "capabilities"] as const;
  const field = fields.find((name) => template[name].length > 0);
  return field && `spec.template.${field}`;
}

function specOf(object: ResourceObject): unknown {
  return "spec" in object ? object.spec : undefined;
}
