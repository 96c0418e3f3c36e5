import assert from "node:assert/strict";
import {
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { zstdCompressSync } from "node:zlib";
import { Code } from "@connectrpc/connect";
import type { NodePaths } from "../node-paths.ts";
import { createNodeDirectory } from "../testing/node-directory.ts";
import { sha256 } from "../testing/oci-archive.ts";
import { Trash } from "../trash.ts";
import type { SnapshotFile, SnapshotManifest } from "./snapshot-manifest.ts";
import { SnapshotStore } from "./snapshot-store.ts";

const open = (paths: NodePaths) => SnapshotStore.open(paths, new Trash(paths.trash));

function manifestOf(files: readonly SnapshotFile[]): SnapshotManifest {
  return {
    sandboxClass: "fake",
    assets: {},
    snapshotFiles: files.map(({ name }) => name),
    formatVersion: 1,
    scope: "full",
    files,
  };
}

async function checkpoint(paths: NodePaths, files: Record<string, string | Buffer>): Promise<string> {
  const directory = join(paths.actors, "checkpoint-state");
  await mkdir(directory);
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  return directory;
}

async function commit(
  store: SnapshotStore,
  paths: NodePaths,
  prefix: string,
  files: Record<string, string | Buffer>,
) {
  return store.commit(prefix, await checkpoint(paths, files), Object.keys(files), manifestOf);
}

async function readPlaced(
  store: SnapshotStore,
  paths: NodePaths,
  prefix: string,
): Promise<Record<string, string>> {
  const snapshot = store.find(prefix);
  assert.ok(snapshot);
  const directory = join(paths.actors, "restore-state");
  await rm(directory, { recursive: true, force: true });
  await store.place(snapshot, directory);
  const placed: Record<string, string> = {};
  for (const name of await readdir(directory)) placed[name] = await readFile(join(directory, name), "utf8");
  return placed;
}

test("a committed snapshot holds exactly what was reported, read-only, and outlives the process", async () => {
  await using paths = await createNodeDirectory();
  const directory = await checkpoint(paths, { "pages.img": "pages", stray: "x" });
  const store = await open(paths);
  const { manifest } = await store.commit("snap-a", directory, ["pages.img"], manifestOf);
  assert.deepEqual(manifest.files, [
    { name: "pages.img", sizeBytes: 5, sha256: sha256(Buffer.from("pages")) },
  ]);
  await assert.rejects(stat(directory), { code: "ENOENT" });
  assert.equal((await stat(join(paths.snapshot("snap-a"), "files/pages.img"))).mode & 0o777, 0o400);
  const later = await open(paths);
  assert.deepEqual(later.list(), ["snap-a"]);
  assert.deepEqual(await readPlaced(later, paths, "snap-a"), { "pages.img": "pages" });
});

test("what a crash left half-written is no snapshot", async () => {
  await using paths = await createNodeDirectory();
  const store = await open(paths);
  await commit(store, paths, "snap-a", { file: "whole" });
  // As the process leaves it when it ends before the last rename.
  await rename(paths.snapshot("snap-a"), join(paths.snapshots, ".draft"));
  await mkdir(join(paths.snapshots, "snap-b", "files"), { recursive: true });
  assert.deepEqual((await open(paths)).list(), []);
  assert.deepEqual(await readdir(paths.snapshots), []);
});

test("a snapshot that cannot be read is kept, told, and used again once it can be", async () => {
  await using paths = await createNodeDirectory();
  await commit(await open(paths), paths, "snap-a", { file: "whole" });
  const path = join(paths.snapshot("snap-a"), "manifest.json");
  const manifest = await readFile(path, "utf8");
  await writeFile(path, manifest.replace('"formatVersion":1', '"formatVersion":2'));
  const older = await open(paths);
  assert.deepEqual(older.list(), []);
  assert.match(older.listUnreadable().flat().join(), /snap-a.*formatVersion.*is 2/);
  assert.throws(() => older.find("snap-a"), { code: Code.DataLoss });
  await writeFile(path, manifest);
  assert.deepEqual((await open(paths)).list(), ["snap-a"]);
  await older.delete("snap-a", undefined);
  assert.equal(older.find("snap-a"), undefined);
});

test("what a back end reports as files is files, each once", async () => {
  await using paths = await createNodeDirectory();
  const store = await open(paths);
  const directory = await checkpoint(paths, { file: "x" });
  await symlink("/etc/passwd", join(directory, "link"));
  await assert.rejects(store.commit("snap-a", directory, ["file", "file"], manifestOf), /twice/);
  const { mode } = await stat("/etc/passwd");
  await assert.rejects(store.commit("snap-a", directory, ["file", "link"], manifestOf), /link is no file/);
  assert.equal((await stat("/etc/passwd")).mode, mode);
});

test("a prefix is used once, and a failed commit leaves nothing", async () => {
  await using paths = await createNodeDirectory();
  const store = await open(paths);
  await commit(store, paths, "snap-a", { file: "one" });
  await assert.rejects(commit(store, paths, "snap-a", { file: "two" }), /has a snapshot snap-a already/);
  await rm(join(paths.actors, "checkpoint-state"), { recursive: true });
  const directory = await checkpoint(paths, { file: "x" });
  await assert.rejects(store.commit("snap-b", directory, ["file", "absent"], manifestOf));
  await assert.rejects(store.commit("snap-c", paths.actors, ["../escape"], manifestOf), /no plain file name/);
  assert.deepEqual(await readdir(paths.snapshots), ["snap-a"]);
});

test("a copy that was damaged on this node is refused", async () => {
  await using paths = await createNodeDirectory();
  const store = await open(paths);
  await commit(store, paths, "snap-a", { file: "right" });
  const file = join(paths.snapshot("snap-a"), "files/file");
  await chmod(file, 0o600);
  await writeFile(file, "wrong");
  const snapshot = store.find("snap-a");
  assert.ok(snapshot);
  await assert.rejects(
    store.place(snapshot, join(paths.actors, "restore")),
    /snap-a is damaged on this node: file/,
  );
});

test("a snapshot goes outside with its manifest last, comes back, and is deleted there too", async () => {
  await using paths = await createNodeDirectory();
  const store = await open(paths);
  const memory = Buffer.alloc(3_000_000, "memory");
  await commit(store, paths, "snap-a", { memory, small: "" });
  const outside = join(paths.basePath, "outside/space/one/snap-a");
  const uri = `file://${outside}`;
  await Promise.all([store.upload("snap-a", uri), store.upload("snap-a", uri)]);
  assert.deepEqual((await readdir(outside)).sort(), ["manifest.json", "memory.zstd", "small.zstd"]);
  assert.equal((await (await open(paths)).provide(uri)).prefix, "snap-a");

  await store.delete("snap-a", undefined);
  assert.deepEqual(store.list(), []);
  const fetched = await store.provide(uri);
  assert.deepEqual([fetched.prefix, fetched.uriPrefix], ["snap-a", uri]);
  assert.deepEqual(await readPlaced(store, paths, "snap-a"), { memory: memory.toString(), small: "" });

  await store.delete("snap-a", uri);
  await store.delete("snap-a", uri);
  await assert.rejects(stat(outside), { code: "ENOENT" });
  await assert.rejects(store.provide(uri), /there is no snapshot at file:/);
});

test("what is damaged outside is not kept", async () => {
  await using paths = await createNodeDirectory();
  const store = await open(paths);
  await commit(store, paths, "snap-a", { file: "right" });
  const outside = join(paths.basePath, "outside");
  await store.upload("snap-a", `file://${outside}`);
  await store.delete("snap-a", undefined);
  await writeFile(join(outside, "file.zstd"), zstdCompressSync("wrong"));
  await assert.rejects(store.provide(`file://${outside}`), /file is not what its manifest says/);
  await rm(join(outside, "file.zstd"));
  await assert.rejects(store.provide(`file://${outside}`), /lacks file/);
  assert.deepEqual(await readdir(paths.snapshots), []);
});

test("a snapshot that another program stored in the sparse form is read", async () => {
  await using paths = await createNodeDirectory();
  const outside = join(paths.basePath, "outside");
  await mkdir(outside);
  const manifest = { sandboxClass: "fake", assets: {}, snapshotFiles: ["pages.img"] };
  await writeFile(join(outside, "manifest.json"), JSON.stringify(manifest));
  await writeFile(
    join(outside, "pages.img.zstd"),
    sparseForm(3_000_000, [
      { at: 10, bytes: "abc" },
      { at: 2_999_999, bytes: "z" },
    ]),
  );
  const store = await open(paths);
  const { prefix, manifest: found } = await store.provide(`file://${outside}`);
  const expected = Buffer.alloc(3_000_000);
  expected.write("abc", 10);
  expected.write("z", 2_999_999);
  assert.deepEqual(found.files, [{ name: "pages.img", sizeBytes: 3_000_000, sha256: sha256(expected) }]);
  assert.equal((await readPlaced(store, paths, prefix))["pages.img"], expected.toString());
});

test("a sparse form that lies about its extents is refused", async () => {
  await using paths = await createNodeDirectory();
  const outside = join(paths.basePath, "outside");
  await mkdir(outside);
  await writeFile(
    join(outside, "manifest.json"),
    JSON.stringify({ sandboxClass: "fake", snapshotFiles: ["f"] }),
  );
  await writeFile(join(outside, "f.zstd"), sparseForm(10, [{ at: 8, bytes: "abc" }]));
  const store = await open(paths);
  await assert.rejects(store.provide(`file://${outside}`), /extent outside of the file/);
});

for (const [what, manifest] of Object.entries({
  "climbs out": { sandboxClass: "fake", snapshotFiles: ["../../etc/passwd"] },
  "is of a newer format": { formatVersion: 2, sandboxClass: "fake", snapshotFiles: ["f"] },
  "holds no file": { sandboxClass: "fake", snapshotFiles: [] },
})) {
  test(`a manifest that ${what} is refused`, async () => {
    await using paths = await createNodeDirectory();
    const outside = join(paths.basePath, "outside");
    await mkdir(outside);
    await writeFile(join(outside, "manifest.json"), JSON.stringify(manifest));
    await assert.rejects((await open(paths)).provide(`file://${outside}`), { name: "InvalidInput" });
  });
}

test("a scheme without a storage is refused", async () => {
  await using paths = await createNodeDirectory();
  const store = await open(paths);
  await assert.rejects(store.provide("s3://bucket/prefix"), /cannot store snapshots at s3/);
});

test("a snapshot that is being restored may be deleted", async () => {
  await using paths = await createNodeDirectory();
  const store = await open(paths);
  await commit(store, paths, "snap-a", { file: "kept" });
  const snapshot = store.find("snap-a");
  assert.ok(snapshot);
  await store.place(snapshot, join(paths.actors, "restore"));
  await store.delete("snap-a", undefined);
  await link(join(paths.actors, "restore/file"), join(paths.actors, "again"));
  assert.equal(await readFile(join(paths.actors, "again"), "utf8"), "kept");
});

/** As the older programs write it. */
function sparseForm(total: number, extents: readonly { at: number; bytes: string }[]): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  };
  const content = Buffer.concat([
    number(total),
    ...extents.flatMap(({ at, bytes }) => [number(at), number(bytes.length), Buffer.from(bytes)]),
    number(-1),
  ]);
  const version = Buffer.alloc(4);
  version.writeUInt32LE(2);
  return Buffer.concat([Buffer.from("ATESPRSE"), version, zstdCompressSync(content)]);
}

test("a stored file that grows beyond what its manifest says is refused, and nothing of it stays", async () => {
  await using paths = await createNodeDirectory();
  const outside = join(paths.basePath, "outside/snap-a");
  const store = await open(paths);
  await commit(store, paths, "snap-a", { file: "right" });
  await store.upload("snap-a", `file://${outside}`);
  await store.delete("snap-a", undefined);
  await rm(join(outside, "file.zstd"), { force: true });
  await writeFile(join(outside, "file.zstd"), zstdCompressSync(Buffer.alloc(10_000_000)));
  await assert.rejects(store.provide(`file://${outside}`), /more than 5 bytes/);
  assert.deepEqual(await readdir(paths.snapshots), []);
});

test("local copies of what lies outside make room, the longest unused first; others never", async () => {
  await using paths = await createNodeDirectory();
  let free = 0;
  const store = await SnapshotStore.open(paths, new Trash(paths.trash), async () => {
    free += 10;
    return free;
  });
  for (const prefix of ["only-here", "snap-a", "snap-b", "snap-c"])
    await commit(store, paths, prefix, { file: prefix });
  for (const prefix of ["snap-a", "snap-b", "snap-c"])
    await store.upload(prefix, `file://${paths.basePath}/outside/${prefix}`);
  await readPlaced(store, paths, "snap-a");
  (await store.makeRoom(20))[Symbol.dispose]();
  assert.deepEqual(store.list(), ["only-here", "snap-a", "snap-c"]);
  const dropped = store.find("snap-a");
  assert.ok(dropped);
  free = -1000;
  await assert.rejects(store.makeRoom(20), { code: Code.FailedPrecondition });
  assert.deepEqual(store.list(), ["only-here"]);
  free = 1000;
  await store.place(dropped, join(paths.actors, "restored-again"));
  assert.deepEqual(store.list(), ["only-here", "snap-a"]);
});
