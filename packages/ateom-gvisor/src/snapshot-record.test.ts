import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { InvalidInput } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { BundleSet } from "./bundles.ts";
import { checkSpec } from "./oci-spec.ts";
import {
  checkSnapshotFits,
  checkVolumesFit,
  readSnapshotRecord,
  recordFile,
  restoredBundles,
  type SnapshotRecord,
  writeSnapshotRecord,
} from "./snapshot-record.ts";

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "gv-record-"));
});
after(() => rm(directory, { recursive: true }));

function bundlesAt(place: string, args: string[], destinations = ["/data"]): BundleSet {
  const spec = checkSpec("test", {
    process: { args },
    root: { path: `/${place}/rootfs` },
    mounts: destinations.map((destination) => ({
      destination,
      type: "bind",
      source: `/${place}${destination}`,
    })),
    annotations: { "io.kubernetes.cri.container-name": "main" },
    linux: { namespaces: [{ type: "network", path: `/${place}/net` }] },
  });
  return { layout: "single", containers: [{ name: "main", spec }] };
}

async function recordOf(bundles: BundleSet, scope: "full" | "data" = "full"): Promise<SnapshotRecord> {
  await writeSnapshotRecord(directory, { scope, runscVersion: "v1", bundles, durableVolumes: ["store"] });
  const record = await readSnapshotRecord(directory);
  assert.ok(record);
  return record;
}

const isPrecondition = (text: RegExp) => (error: unknown) =>
  error instanceof ConnectError && error.code === Code.FailedPrecondition && text.test(error.message);

test("a record names no place of the node, and is readable by root alone", async () => {
  const record = await recordOf(bundlesAt("here", ["/app"]));
  assert.equal(JSON.stringify(record).includes("/here/"), false);
  assert.equal((await stat(join(directory, recordFile))).mode & 0o777, 0o600);
});

test("a restore has the recorded arguments at the present places", async () => {
  const record = await recordOf(bundlesAt("here", ["/app", "old"]));
  const restored = restoredBundles(record, bundlesAt("there", ["/app", "new"]));
  assert.deepEqual(restored, bundlesAt("there", ["/app", "old"]));
});

test("what the present bundles cannot provide is refused by name", async () => {
  const record = await recordOf(bundlesAt("here", ["/app"], ["/data", "/more"]));
  assert.throws(() => restoredBundles(record, bundlesAt("there", ["/app"])), isPrecondition(/\/more/));
  const pod: BundleSet = { ...bundlesAt("there", ["/app"]), layout: "pod" };
  assert.throws(() => restoredBundles(record, pod), isPrecondition(/layout is single.*pod/));
});

test("another version, platform or scope is refused, naming both", async () => {
  const record = await recordOf(bundlesAt("here", ["/app"]));
  checkSnapshotFits(record, "full", "v1");
  checkSnapshotFits(record, "full");
  assert.throws(() => checkSnapshotFits(record, "full", "v2"), isPrecondition(/version v1.*v2/));
  const foreign = { ...record, platform: "kvm" };
  assert.throws(() => checkSnapshotFits(foreign, "full"), isPrecondition(/platform kvm.*systrap/));
  assert.throws(() => checkSnapshotFits({ ...record, scope: "data" }, "full"), isPrecondition(/no memory/));
});

test("a volume never silently begins empty", async () => {
  const record = await recordOf(bundlesAt("here", ["/app"]));
  checkVolumesFit(record, "data", ["store"]);
  checkVolumesFit(undefined, "full", []);
  assert.throws(() => checkVolumesFit(record, "full", ["other"]), isPrecondition(/other/));
  assert.throws(() => checkVolumesFit(undefined, "full", ["store"]), isPrecondition(/store/));
  assert.throws(() => checkVolumesFit(undefined, "data", []), isPrecondition(/gvisor\.json/));
});

test("a damaged record is no record", async () => {
  const write = (record: object) => writeFile(join(directory, recordFile), JSON.stringify(record));
  await write({ formatVersion: 2 });
  await assert.rejects(readSnapshotRecord(directory), isPrecondition(/format version 2/));
  await write({ formatVersion: 1, layout: "single", scope: "full", containers: [] });
  await assert.rejects(readSnapshotRecord(directory), InvalidInput);
  await write({ formatVersion: 1, layout: "pod", scope: "data", containers: [], durableVolumes: ["../up"] });
  await assert.rejects(readSnapshotRecord(directory), InvalidInput);
  await rm(join(directory, recordFile));
  assert.equal(await readSnapshotRecord(directory), undefined);
});
