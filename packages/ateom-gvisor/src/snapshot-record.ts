// `gvisor.json`, a snapshot's description of itself: what its image was taken with. A restore builds
// its bundles from it, never from current code, because runsc refuses any difference; and it is
// compared before runsc is asked, because a refused restore ends the sandbox it was tried in.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SnapshotScope } from "@agent-substrate/ateom-kit";
import { InvalidInput, validateDns1123Label } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { BundleSet, Layout } from "./bundles.ts";
import { checkSpec, type OciSpec } from "./oci-spec.ts";
import { platform, rootOverlay } from "./runsc.ts";

export const recordFile = "gvisor.json";

export interface SnapshotRecord {
  readonly formatVersion: 1;
  readonly scope: SnapshotScope;
  readonly runscVersion: string;
  readonly platform: string;
  readonly rootOverlay: string;
  readonly layout: Layout;
  /** The specs that ran, without what differs between actors and nodes. */
  readonly containers: readonly { readonly name: string; readonly spec: OciSpec }[];
  /** Each lies beside it as `durable-<volume>.tar`. */
  readonly durableVolumes: readonly string[];
}

export interface RecordedWorkload {
  readonly scope: SnapshotScope;
  readonly runscVersion: string;
  readonly bundles: BundleSet;
  readonly durableVolumes: readonly string[];
}

const bytesMax = 4 * 1024 * 1024;

export async function writeSnapshotRecord(directory: string, workload: RecordedWorkload): Promise<void> {
  const record: SnapshotRecord = {
    formatVersion: 1,
    scope: workload.scope,
    runscVersion: workload.runscVersion,
    platform,
    rootOverlay,
    layout: workload.bundles.layout,
    containers: workload.bundles.containers.map(({ name, spec }) => ({ name, spec: withoutPlaces(spec) })),
    durableVolumes: workload.durableVolumes,
  };
  await writeFile(join(directory, recordFile), JSON.stringify(record), { mode: 0o600 });
}

/** The record of a snapshot; undefined where another program of this class made the snapshot. */
export async function readSnapshotRecord(directory: string): Promise<SnapshotRecord | undefined> {
  let text: string;
  try {
    text = await readFile(join(directory, recordFile), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (text.length > bytesMax) throw new InvalidInput(recordFile, `is longer than ${bytesMax} bytes`);
  return parseRecord(text);
}

function parseRecord(text: string): SnapshotRecord {
  const record = JSON.parse(text) as SnapshotRecord;
  if (record.formatVersion !== 1) {
    throw misfit(`it has format version ${String(record.formatVersion)}, and this program reads 1`);
  }
  const isWhole =
    (record.layout === "single" || record.layout === "pod") &&
    (record.scope === "full" || record.scope === "data") &&
    Array.isArray(record.containers) &&
    Array.isArray(record.durableVolumes);
  if (!isWhole) throw new InvalidInput(recordFile, "lacks its layout, scope, containers or durable volumes");
  return {
    ...record,
    containers: record.containers.map(({ name, spec }) => ({
      name,
      spec: checkSpec(`${recordFile}.${name}`, spec),
    })),
    durableVolumes: record.durableVolumes.map((name) =>
      validateDns1123Label(`${recordFile}.durableVolumes`, name),
    ),
  };
}

/**
 * Refuses (FAILED_PRECONDITION) what this runtime cannot restore, naming both sides. The version is
 * compared where it is given.
 */
export function checkSnapshotFits(record: SnapshotRecord, scope: SnapshotScope, runscVersion?: string): void {
  if (scope === "full" && record.scope === "data")
    throw misfit("it holds durable volumes only, and no memory");
  const facts: [string, string, string][] = [
    ["runsc version", record.runscVersion, runscVersion ?? record.runscVersion],
    ["platform", record.platform, platform],
    ["root overlay", record.rootOverlay, rootOverlay],
  ];
  for (const [name, saved, current] of facts) {
    if (saved !== current) throw misfit(`it was taken with ${name} ${saved}, and this worker has ${current}`);
  }
}

/** L7: refuses (FAILED_PRECONDITION) a restore in which a volume, or everything, would silently begin empty. */
export function checkVolumesFit(
  record: SnapshotRecord | undefined,
  scope: SnapshotScope,
  volumes: readonly string[],
): void {
  if (!record && scope === "data") throw misfit(`it has no ${recordFile}, which would name its volumes`);
  const missing = volumes.filter((volume) => !record?.durableVolumes.includes(volume));
  if (missing.length > 0) throw misfit(`it does not hold durable directory ${missing.join(", ")}`);
}

/** The bundles that ran when the snapshot was taken, with the places (paths) of the current ones. */
export function restoredBundles(record: SnapshotRecord, current: BundleSet): BundleSet {
  if (record.layout !== current.layout) {
    throw misfit(`its layout is ${record.layout}, and the workload's is ${current.layout}`);
  }
  const names = (of: readonly { name: string }[]) => of.map(({ name }) => name).join(", ");
  if (names(record.containers) !== names(current.containers)) {
    throw misfit(`it holds containers ${names(record.containers)}, not ${names(current.containers)}`);
  }
  const containers = record.containers.map(({ name, spec }, i) => {
    const place = current.containers[i]?.spec;
    if (!place) throw misfit(`container ${name} has no bundle`);
    return { name, spec: withPlaces(name, spec, place) };
  });
  return { layout: record.layout, containers };
}

/** What names a place on one node, or one actor, is left out. */
function withoutPlaces(spec: OciSpec): OciSpec {
  return {
    ...spec,
    root: { ...spec.root, path: "" },
    mounts: spec.mounts.map((mount) => (isBind(mount) ? { ...mount, source: "" } : mount)),
    annotations: Object.fromEntries(Object.entries(spec.annotations).filter(([key]) => !isPlace(key))),
    linux: { ...spec.linux, namespaces: spec.linux.namespaces.map(({ type }) => ({ type })) },
  };
}

function withPlaces(name: string, saved: OciSpec, place: OciSpec): OciSpec {
  const sources = new Map(place.mounts.map((mount) => [mount.destination, mount.source]));
  return {
    ...saved,
    root: { ...saved.root, path: place.root.path },
    mounts: saved.mounts.map((mount) => {
      if (!isBind(mount)) return mount;
      const source = sources.get(mount.destination);
      if (!source) throw misfit(`container ${name} had ${mount.destination} mounted, and its bundle has not`);
      return { ...mount, source };
    }),
    annotations: {
      ...saved.annotations,
      ...Object.fromEntries(Object.entries(place.annotations).filter(([key]) => isPlace(key))),
    },
    linux: {
      ...saved.linux,
      namespaces: saved.linux.namespaces.map(
        ({ type }) => place.linux.namespaces.find((other) => other.type === type) ?? { type },
      ),
    },
  };
}

function isBind(mount: { type?: string; options?: readonly string[] }): boolean {
  return (
    mount.type === "bind" || (mount.options ?? []).some((option) => option === "bind" || option === "rbind")
  );
}

/** `dev.gvisor.spec.mount.<name>.source` holds a host path; the sandbox id is made anew. */
function isPlace(annotation: string): boolean {
  return annotation.endsWith(".source") || annotation === "io.kubernetes.cri.sandbox-id";
}

function misfit(why: string): ConnectError {
  return new ConnectError(`the snapshot cannot be restored here: ${why}`, Code.FailedPrecondition);
}
