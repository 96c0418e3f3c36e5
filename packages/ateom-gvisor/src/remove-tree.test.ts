import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { removeTree } from "./remove-tree.ts";

const options = { skip: process.getuid?.() !== 0 && "needs root" };

test("what is mounted in the directory goes with it, and nothing beside it", options, async () => {
  const home = await mkdtemp(join(tmpdir(), "tree ")); // a name that is written in octal
  const tree = join(home, "runsc");
  await mkdir(tree);
  for (const name of ["runsc/one", "runsc-2"]) {
    const file = join(home, name);
    await writeFile(file, "");
    await promisify(execFile)("mount", ["--bind", "/proc/self/ns/net", file]);
  }
  try {
    await removeTree(tree);
    await removeTree(tree);
    await assert.rejects(access(tree), { code: "ENOENT" });
    await assert.rejects(rm(join(home, "runsc-2")), { code: "EBUSY" });
  } finally {
    await promisify(execFile)("umount", [join(home, "runsc-2")]);
    await rm(home, { recursive: true });
  }
});
