import assert from "node:assert/strict";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { createNodeDirectory } from "../testing/node-directory.ts";
import { sha256 } from "../testing/oci-archive.ts";
import { AssetCache } from "./asset-cache.ts";
import { parseAssetFiles } from "./sandbox-assets.ts";

const content = Buffer.from("#!/bin/true\n");

test("an asset is fetched once, verified, and executable at its cached path", async () => {
  await using paths = await createNodeDirectory();
  const source = join(paths.basePath, "tool");
  await writeFile(source, content);
  const file = { url: pathToFileURL(source).href, sha256: sha256(content) };
  const cache = new AssetCache(paths);
  const [one, other] = await Promise.all([cache.provide({ tool: file }), cache.provide({ same: file })]);
  const path = join(paths.basePath, "static-files", `runsc-${file.sha256}`);
  assert.deepEqual([one.tool, other.same], [path, path]);
  assert.deepEqual(await readFile(path), content);
  assert.equal((await stat(path)).mode & 0o777, 0o755);
  assert.equal((await readdir(paths.assets)).length, 1);
});

test("an asset that is not what it should be is refused and not kept", async () => {
  await using paths = await createNodeDirectory();
  const source = join(paths.basePath, "tool");
  await writeFile(source, "something else");
  const cache = new AssetCache(paths);
  const wrong = { url: pathToFileURL(source).href, sha256: sha256(content) };
  await assert.rejects(cache.provide({ tool: wrong }), /"tool" has the sha256 [a-f0-9]{64}, but/);
  const missing = { url: `${wrong.url}-missing`, sha256: wrong.sha256 };
  await assert.rejects(cache.provide({ tool: missing }), /could not be fetched: ENOENT/);
  assert.deepEqual(await readdir(paths.assets), []);
  await writeFile(source, content);
  await cache.provide({ tool: wrong });
});

test("names, addresses and digests are checked, and a password is not repeated", () => {
  const digest = "A".repeat(64);
  assert.deepEqual(parseAssetFiles("f", { runsc: { url: "https://host/runsc", sha256: digest } }), {
    runsc: { url: "https://host/runsc", sha256: "a".repeat(64) },
  });
  for (const url of ["http://host/x", "https://user:secret@host/x", "nonsense"]) {
    assert.throws(
      () => parseAssetFiles("f", { runsc: { url, sha256: digest } }),
      (error: Error) => {
        return /f\.runsc\.url: should be a file/.test(error.message) && !error.message.includes("secret");
      },
    );
  }
  assert.throws(
    () => parseAssetFiles("f", { "../x": { url: "https://h/x", sha256: digest } }),
    /no asset name/,
  );
  assert.throws(() => parseAssetFiles("f", { x: { url: "https://h/x", sha256: "abc" } }), /no sha256/);
});
