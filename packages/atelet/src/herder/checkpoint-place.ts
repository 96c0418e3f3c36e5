import { basename } from "node:path";
import { atelet, InvalidInput, validateFileName, validateSnapshotUriPrefix } from "@agent-substrate/contract";
import type { SnapshotScope } from "../snapshots/snapshot-manifest.ts";

/** Where a request wants a snapshot, or has one. */
export type SnapshotPlace =
  | { readonly kind: "local"; readonly prefix: string }
  | { readonly kind: "external"; readonly uriPrefix: string };

type Config = atelet.CheckpointRequest["config"];

/** Throws InvalidInput for a type or configuration that is missing, unknown or does not fit. */
export function parsePlace(type: atelet.CheckpointType, config: Config): SnapshotPlace {
  if (type === atelet.CheckpointType.LOCAL) {
    if (config.case !== "localConfig") throw new InvalidInput("local_config", "is required for type LOCAL");
    const { snapshotPrefix } = config.value;
    if (snapshotPrefix === "") throw new InvalidInput("local_config.snapshot_prefix", "is required");
    return { kind: "local", prefix: parsePrefix("local_config.snapshot_prefix", snapshotPrefix) };
  }
  if (type === atelet.CheckpointType.EXTERNAL) {
    if (config.case !== "externalConfig")
      throw new InvalidInput("external_config", "is required for type EXTERNAL");
    const field = "external_config.snapshot_uri_prefix";
    return { kind: "external", uriPrefix: validateSnapshotUriPrefix(field, config.value.snapshotUriPrefix) };
  }
  throw new InvalidInput("type", "should be LOCAL or EXTERNAL");
}

/** Names that begin with a dot are this node's own drafts. */
export function parsePrefix(field: string, prefix: string): string {
  if (prefix.startsWith(".")) throw new InvalidInput(field, "should not begin with a dot");
  return validateFileName(field, prefix);
}

/** The local name of a snapshot that was asked for outside only. */
export function localPrefixOf(place: SnapshotPlace): string {
  return place.kind === "local"
    ? place.prefix
    : parsePrefix("external_config.snapshot_uri_prefix", basename(place.uriPrefix));
}

/** Throws InvalidInput for the scope 0 and for one that is unknown. */
export function parseScope(scope: atelet.SnapshotScope): SnapshotScope {
  if (scope === atelet.SnapshotScope.FULL) return "full";
  if (scope === atelet.SnapshotScope.DATA) return "data";
  throw new InvalidInput("scope", "should be FULL or DATA");
}
