import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { type ActorPaths, contractPaths } from "@agent-substrate/contract";
import { durableFile, packDurableDirectories, unpackDurableDirectories } from "./durable-directories.ts";

const never = new AbortController().signal;
let base: string;
let snapshot: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "gv-durable-"));
  snapshot = join(base, "snapshot");
  await mkdir(snapshot);
});
afterEach(() => rm(base, { recursive: true }));

function actor(actorId: string): ActorPaths {
  return contractPaths(base).actor({ namespace: "default", template: "t", actorId });
}

async function makeVolume(paths: ActorPaths): Promise<string> {
  const directory = paths.durableDir("store");
  await mkdir(directory, { recursive: true });
  return directory;
}

test("content, modes, links and times come back as they were", async () => {
  const source = await makeVolume(actor("source"));
  await writeFile(join(source, "file"), "text");
  await chmod(join(source, "file"), 0o4751);
  await link(join(source, "file"), join(source, "hard"));
  await symlink("/outside", join(source, "soft"));
  await mkdir(join(source, "deep/er"), { recursive: true });
  await writeFile(join(source, "deep/er/-name with\nnewline"), "odd");
  await chmod(source, 0o750);

  assert.deepEqual(await packDurableDirectories(["store"], actor("source"), snapshot, never), [
    "durable-store.tar",
  ]);
  const target = await makeVolume(actor("target"));
  await writeFile(join(target, "older"), "goes");
  await unpackDurableDirectories(["store"], actor("target"), snapshot, never);

  assert.deepEqual((await readdir(target)).sort(), (await readdir(source)).sort());
  const [before, after] = [await stat(join(source, "file")), await stat(join(target, "file"))];
  assert.equal(after.mode, before.mode);
  assert.equal(after.mtimeMs, before.mtimeMs);
  assert.equal(after.nlink, 2);
  assert.equal(await readlink(join(target, "soft")), "/outside");
  assert.equal(await readFile(join(target, "deep/er/-name with\nnewline"), "utf8"), "odd");
  assert.equal((await stat(target)).mode & 0o777, 0o750);
});

test("nothing is written outside of the directory", async () => {
  const outside = join(base, "outside");
  const trap = join(base, "trap");
  await mkdir(outside);
  await mkdir(trap);
  const tar = (...args: string[]) =>
    promisify(execFile)("tar", ["-P", `--file=${join(snapshot, durableFile("store"))}`, ...args]);
  const target = await makeVolume(actor("target"));
  const unpack = () => unpackDurableDirectories(["store"], actor("target"), snapshot, never);

  await writeFile(join(trap, "evil"), "evil");
  await tar("--create", "--transform=s,evil,../evil,", `--directory=${trap}`, "evil");
  await assert.rejects(unpack(), /ended with 2/);
  await assert.rejects(lstat(join(target, "../evil")));

  await symlink(outside, join(trap, "link"));
  await tar("--create", `--directory=${trap}`, "link");
  await tar("--append", "--transform=s,evil,link/evil,", `--directory=${trap}`, "evil");
  await unpack().catch(() => undefined);
  assert.deepEqual(await readdir(outside), []);
});

test("a missing file is an error", async () => {
  await assert.rejects(
    unpackDurableDirectories(["store"], actor("target"), snapshot, never),
    /durable directory/,
  );
});
