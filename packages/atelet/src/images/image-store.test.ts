import assert from "node:assert/strict";
import { lstat, readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createNodeDirectory } from "../testing/node-directory.ts";
import { imageArchive, inChunks, sha256, type TestFile, type TestImage } from "../testing/oci-archive.ts";
import { ImageStore } from "./image-store.ts";

const architecture = process.arch === "arm64" ? "arm64" : "amd64";
const program: TestFile = { name: "bin/program", content: "#!/bin/sh\n", mode: 0o4755, uid: 7, gid: 8 };

async function importImage(store: ImageStore, image: TestImage, alter?: (files: TestFile[]) => TestFile[]) {
  return store.import("app", inChunks(await imageArchive(image, alter)));
}

for (const compression of ["none", "gzip", "zstd"] as const) {
  test(`an image of one ${compression} layer is unpacked as it is`, async () => {
    await using paths = await createNodeDirectory();
    const store = await ImageStore.open(paths, architecture);
    const reference = await importImage(store, {
      compression,
      layers: [
        [
          program,
          { name: "bin/again", type: "link", linkname: "bin/program" },
          { name: "lib", type: "symlink", linkname: "/usr/lib" },
          { name: "empty", type: "directory", mode: 0o1777 },
          { name: "old", content: "x", mtime: new Date(1_000_000_000_000) },
        ],
      ],
      config: { Entrypoint: ["/bin/program"], Env: ["A=b"], WorkingDir: "/srv/app" },
    });

    assert.match(reference, /^local\/app@sha256:[a-f0-9]{64}$/);
    const image = await store.resolve("image", reference);
    assert.deepEqual(image.config.entrypoint, ["/bin/program"]);
    assert.deepEqual(image.user, { uid: 0, gid: 0, additionalGids: [], home: "/" });
    assert.equal(image.rootPath, join(paths.layers, image.config.diffIds[0]?.slice(7) ?? ""));
    const found = await stat(join(image.rootPath, "bin/program"));
    assert.deepEqual([found.mode & 0o7777, found.uid, found.gid, found.nlink], [0o4755, 7, 8, 2]);
    assert.equal(await readlink(join(image.rootPath, "lib")), "/usr/lib");
    assert.equal((await stat(join(image.rootPath, "empty"))).mode & 0o7777, 0o1777);
    assert.equal((await stat(join(image.rootPath, "old"))).mtimeMs, 1_000_000_000_000);
    assert.ok((await stat(join(image.rootPath, "srv/app"))).isDirectory());
    assert.deepEqual(await readdir(join(paths.images, "staging")), []);
  });
}

test("layers are merged in order, and whiteouts hide what lies below", async () => {
  await using paths = await createNodeDirectory();
  const store = await ImageStore.open(paths, architecture);
  const reference = await importImage(store, {
    layers: [
      [
        { name: "usr/lib/a", content: "a" },
        { name: "lib", type: "symlink", linkname: "usr/lib" },
        { name: "gone", content: "x" },
        { name: "cleared/below", content: "x" },
        { name: "cleared/deep/below", content: "x" },
      ],
      [
        { name: "lib/b", content: "b" },
        { name: ".wh.gone", content: "" },
        { name: "cleared/deep/above", content: "y" },
        { name: "cleared/.wh..wh..opq", content: "" },
        { name: "cleared/above", content: "y" },
      ],
    ],
  });
  const { rootPath } = await store.resolve("image", reference);
  assert.equal(await readFile(join(rootPath, "usr/lib/b"), "utf8"), "b");
  assert.deepEqual((await readdir(rootPath)).sort(), ["cleared", "lib", "usr"]);
  assert.deepEqual((await readdir(join(rootPath, "cleared"), { recursive: true })).sort(), [
    "above",
    "deep",
    "deep/above",
  ]);
});

test("names survive a restart, and importing the same again answers the same", async () => {
  await using paths = await createNodeDirectory();
  const first = await ImageStore.open(paths, architecture);
  const reference = await importImage(first, { layers: [[program]] });
  const second = await ImageStore.open(paths, architecture);
  assert.equal((await second.resolve("image", reference)).config.diffIds.length, 1);
  assert.equal(await importImage(second, { layers: [[program]] }), reference);
  assert.equal(second.list().length, 1);
});

test("USER is looked up in the image", async () => {
  await using paths = await createNodeDirectory();
  const store = await ImageStore.open(paths, architecture);
  const reference = await importImage(store, {
    layers: [
      [
        { name: "etc/passwd", content: "root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n" },
        { name: "etc/group", content: "app:x:1001:\nextra:x:7:root,app\n" },
      ],
    ],
    config: { User: "app" },
  });
  const { user } = await store.resolve("image", reference);
  assert.deepEqual(user, { uid: 1000, gid: 1001, additionalGids: [7], home: "/home/app" });
});

const hostileLayers: Record<string, { files: TestFile[]; says: RegExp }> = {
  "a name that climbs out": { files: [{ name: "../../escape", content: "x" }], says: /holds \.\./ },
  "a hard link to a file of the host": {
    files: [{ name: "passwd", type: "link", linkname: "/etc/passwd" }],
    says: /no file of the image/,
  },
  "a hard link that climbs out": {
    files: [{ name: "passwd", type: "link", linkname: "../../../../../../etc/passwd" }],
    says: /holds \.\./,
  },
  "a device": { files: [{ name: "sda", type: "block-device", devmajor: 8 }], says: /is a block-device/ },
  "a FIFO": { files: [{ name: "pipe", type: "fifo" }], says: /is a fifo/ },
  "a whiteout of nothing": { files: [{ name: "a/.wh...", content: "" }], says: /no whiteout/ },
};
for (const [what, { files, says }] of Object.entries(hostileLayers)) {
  test(`${what} is refused`, async () => {
    await using paths = await createNodeDirectory();
    const store = await ImageStore.open(paths, architecture);
    await assert.rejects(importImage(store, { layers: [files] }), says);
    assert.deepEqual(store.list(), []);
    assert.deepEqual(await readdir(paths.layers), []);
    assert.deepEqual(await readdir(join(paths.images, "staging")), []);
  });
}

test("a symbolic link does not lead the unpacking out of the image", async () => {
  await using paths = await createNodeDirectory();
  const store = await ImageStore.open(paths, architecture);
  const reference = await importImage(store, {
    layers: [
      [
        { name: "out", type: "symlink", linkname: paths.basePath },
        { name: "up", type: "symlink", linkname: "../../../../../../../.." },
        { name: "out/written", content: "x" },
        { name: "up/written", content: "x" },
      ],
    ],
  });
  await assert.rejects(lstat(join(paths.basePath, "written")), { code: "ENOENT" });
  await assert.rejects(lstat("/written"), { code: "ENOENT" });
  const { rootPath } = await store.resolve("image", reference);
  assert.ok(await stat(join(rootPath, "written")));
  assert.ok(await stat(join(rootPath, paths.basePath, "written")));
});

test("a link that turns in a circle is refused", async () => {
  await using paths = await createNodeDirectory();
  const store = await ImageStore.open(paths, architecture);
  const circle: TestFile[] = [
    { name: "a", type: "symlink", linkname: "b" },
    { name: "b", type: "symlink", linkname: "a" },
    { name: "a/file", content: "x" },
  ];
  await assert.rejects(importImage(store, { layers: [circle] }), /too many symbolic links/);
});

const hostileArchives: Record<string, { alter: (files: TestFile[]) => TestFile[]; says: RegExp }> = {
  "a blob that is not what its name says": {
    alter: (files) =>
      files.map((file) =>
        file.name.startsWith("blobs/")
          ? { ...file, content: Buffer.concat([Buffer.from(file.content ?? ""), Buffer.from(" ")]) }
          : file,
      ),
    says: /has the digest sha256:/,
  },
  "a missing blob": { alter: (files) => files.slice(0, -1), says: /lacks the blob/ },
  "no index": { alter: (files) => files.filter(({ name }) => name !== "index.json"), says: /no index.json/ },
};
for (const [what, { alter, says }] of Object.entries(hostileArchives)) {
  test(`an archive with ${what} is refused`, async () => {
    await using paths = await createNodeDirectory();
    const store = await ImageStore.open(paths, architecture);
    await assert.rejects(importImage(store, { layers: [[program]] }, alter), says);
  });
}

test("an image of another architecture is refused", async () => {
  await using paths = await createNodeDirectory();
  const store = await ImageStore.open(paths, architecture);
  await assert.rejects(
    importImage(store, { layers: [[program]], architecture: "s390x" }),
    /0 images for linux/,
  );
});

test("an image that is not here, and one of a registry, are told apart", async () => {
  await using paths = await createNodeDirectory();
  const store = await ImageStore.open(paths, architecture);
  const digest = `sha256:${sha256(Buffer.from("x"))}`;
  await assert.rejects(store.resolve("image", `local/app@${digest}`), /does not hold the image/);
  await assert.rejects(store.resolve("image", `docker.io/app@${digest}`), /lies in a registry/);
  await assert.rejects(store.resolve("image", "local/app:latest"), /not pinned/);
});
