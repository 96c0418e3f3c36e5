import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { extract } from "tar-stream";
import type { ImageContents } from "./image-files.ts";
import { librariesIn, nodePathInImage, nodeRuntimeFiles } from "./node-runtime.ts";
import { assembleImage } from "./oci-layout.ts";

const contents: ImageContents = {
  files: [
    { kind: "text", path: "srv/b.js", mode: 0o644, text: "b" },
    { kind: "copy", path: "srv/a.ts", mode: 0o644, source: import.meta.filename },
    { kind: "link", path: "app", target: "srv" },
  ],
  entrypoint: ["/usr/bin/node", "/srv/b.js"],
  env: { NAME: "value" },
};

async function entriesOf(archive: AsyncIterable<Uint8Array>): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  const reader = extract();
  const written = (async () => {
    for await (const chunk of archive) reader.write(chunk);
    reader.end(null);
  })();
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    entries.set(entry.header.name, Buffer.concat(chunks));
  }
  await written;
  return entries;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("every blob has the digest and the size by which it is named", async () => {
  const image = await assembleImage(contents, "amd64");
  const entries = await entriesOf(image.archive());
  const blob = (descriptor: { digest: string; size: number }) => {
    const bytes = entries.get(`blobs/sha256/${descriptor.digest.slice(7)}`);
    assert.ok(bytes, `${descriptor.digest} is in the archive`);
    assert.equal(`sha256:${sha256(bytes)}`, descriptor.digest);
    assert.equal(bytes.byteLength, descriptor.size);
    return bytes;
  };
  const index = JSON.parse(String(entries.get("index.json")));
  assert.equal(index.manifests[0].digest, image.digest);
  const manifest = JSON.parse(String(blob(index.manifests[0])));
  const config = JSON.parse(String(blob(manifest.config)));
  blob(manifest.layers[0]);
  assert.deepEqual(config.rootfs.diff_ids, [manifest.layers[0].digest]);
  assert.deepEqual(config.config.Entrypoint, contents.entrypoint);
  assert.deepEqual(config.config.Env, ["NAME=value"]);
});

test("the same contents give the same image, in whatever order they were named", async () => {
  const reversed = { ...contents, files: [...contents.files].reverse() };
  const [one, other] = await Promise.all([
    assembleImage(contents, "amd64"),
    assembleImage(reversed, "amd64"),
  ]);
  assert.equal(one.digest, other.digest);
});

test("a layer names every parent directory before what it holds", async () => {
  const image = await assembleImage(contents, "amd64");
  const entries = await entriesOf(image.archive());
  const manifest = JSON.parse(String(entries.get(`blobs/sha256/${image.digest.slice(7)}`)));
  const layer = entries.get(`blobs/sha256/${manifest.layers[0].digest.slice(7)}`);
  assert.ok(layer);
  const names = [...(await entriesOf(only(layer))).keys()];
  assert.deepEqual(names, ["app", "srv/", "srv/a.ts", "srv/b.js"]);
});

async function* only(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

test("a file that is not there fails the image", async () => {
  const broken = {
    ...contents,
    files: [{ kind: "copy", path: "x", mode: 0o644, source: "/nowhere" }] as const,
  };
  await assert.rejects(assembleImage(broken, "amd64"), /ENOENT/);
});

test("the libraries of a program are those that ldd resolves to a path", () => {
  const output = [
    "\tlinux-vdso.so.1 (0x00007f9a4ead7000)",
    "\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f9a4e720000)",
    "\t/lib64/ld-linux-x86-64.so.2 (0x00007f9a4ead9000)",
  ].join("\n");
  assert.deepEqual(librariesIn(output), ["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/ld-linux-x86-64.so.2"]);
});

test("the files of the Node that runs now hold it and its linker", async () => {
  const paths = (await nodeRuntimeFiles()).map((file) => file.path);
  assert.ok(paths.includes(nodePathInImage.slice(1)));
  assert.ok(paths.some((path) => path.includes("ld-linux")));
});
