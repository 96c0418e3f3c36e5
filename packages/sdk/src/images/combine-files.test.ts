import assert from "node:assert/strict";
import { test } from "node:test";
import { baseFiles } from "./base-files.ts";
import { combineFiles } from "./combine-files.ts";
import type { ImageFile } from "./image-files.ts";

const text = (path: string): ImageFile => ({ kind: "text", path, mode: 0o644, text: path });
const link = (path: string): ImageFile => ({ kind: "link", path, target: "usr/lib" });
const directory = (path: string): ImageFile => ({ kind: "directory", path, mode: 0o700 });

test("base files give way to the folder's own", () => {
  const own = [text("etc/passwd"), link("run"), directory("tmp")];
  const files = combineFiles(own, [], baseFiles);
  for (const file of own) {
    assert.deepEqual(
      files.filter(({ path }) => path === file.path),
      [file],
    );
  }
  assert.ok(files.some(({ path }) => path === "etc/group"));
});

test("a program goes into folders that are there, and shares libraries with another", () => {
  const library = text("lib/libc.so.6");
  const files = combineFiles([directory("usr"), directory("lib")], [text("usr/bin/a"), library, library], []);
  assert.deepEqual(files.map(({ path }) => path).sort(), ["lib", "lib/libc.so.6", "usr", "usr/bin/a"]);
});

test("a program that meets the folder's own files is refused", () => {
  const programs = [text("lib/libc.so.6")];
  assert.throws(
    () => combineFiles([text("lib/libc.so.6")], programs, []),
    /has a \/lib\/libc\.so\.6 of its own/,
  );
  assert.throws(() => combineFiles([link("lib")], programs, []), /has a \/lib of its own/);
});
