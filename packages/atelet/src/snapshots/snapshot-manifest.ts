// A snapshot describes itself: what it needs to be restored stands in its manifest, which is written
// last. The first three keys are what every node supervisor of this contract writes; the others are
// ours and absent from what others stored.
import { InvalidInput, validateDns1123Label, validateFileName } from "@agent-substrate/contract";
import { type AssetFile, parseAssetFiles } from "../assets/sandbox-assets.ts";
import type { BundleShape } from "../bundles/bundle-shape.ts";

export type SnapshotScope = "full" | "data";

export interface SnapshotManifest {
  readonly sandboxClass: string;
  readonly assets: Readonly<Record<string, AssetFile>>;
  readonly snapshotFiles: readonly string[];
  readonly formatVersion?: number;
  readonly scope?: SnapshotScope;
  readonly files?: readonly SnapshotFile[];
  readonly shape?: BundleShape;
  readonly architecture?: string;
  /** Restores only where the back end has the same key. */
  readonly hardwareKey?: string;
  /** Prefix of the snapshot that the actor was restored from. */
  readonly parent?: string;
  /** The operation that wrote it: a repeated one is answered without doing it again (L6). */
  readonly operationId?: string;
  readonly generation?: string;
  readonly createdAt?: string;
}

export interface SnapshotFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export const manifestFileName = "manifest.json";
/** The version that this code writes; a newer one is refused. */
export const manifestFormatVersion = 1;
const filesMax = 1024;

/** Checks a manifest that anybody may have written. `field` names where it is from. */
export function parseManifest(field: string, text: string): SnapshotManifest {
  let manifest: SnapshotManifest;
  try {
    manifest = JSON.parse(text) as SnapshotManifest;
  } catch {
    throw new InvalidInput(field, "is no JSON");
  }
  if (typeof manifest !== "object" || manifest === null) throw new InvalidInput(field, "is no manifest");
  if ((manifest.formatVersion ?? 0) > manifestFormatVersion) {
    throw new InvalidInput(
      `${field} formatVersion`,
      `is ${manifest.formatVersion}; this node reads up to ${manifestFormatVersion}`,
    );
  }
  validateDns1123Label(`${field} sandboxClass`, String(manifest.sandboxClass ?? ""));
  const names = validateSnapshotFiles(`${field} snapshotFiles`, manifest.snapshotFiles);
  if (manifest.files && !sameNames(manifest.files, names)) {
    throw new InvalidInput(`${field} files`, "should name what snapshotFiles names");
  }
  return { ...manifest, assets: parseAssetFiles(`${field} assets`, manifest.assets ?? {}) };
}

/** 1 to 1024 plain names, each once. Throws InvalidInput. */
export function validateSnapshotFiles(field: string, names: unknown): readonly string[] {
  if (!Array.isArray(names) || names.length === 0 || names.length > filesMax) {
    throw new InvalidInput(field, `should hold 1 to ${filesMax} names`);
  }
  for (const name of names) validateFileName(field, String(name));
  if (new Set(names).size !== names.length) throw new InvalidInput(field, "holds a name twice");
  return names;
}

function sameNames(files: readonly SnapshotFile[], names: readonly string[]): boolean {
  return (
    Array.isArray(files) && files.length === names.length && files.every(({ name }) => names.includes(name))
  );
}
