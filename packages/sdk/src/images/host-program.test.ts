import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readlink, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { hostProgramFiles, searchPathOf } from "./host-program.ts";
import { completeFiles } from "./image-files.ts";
import { packLayer } from "./layer.ts";

const run = promisify(execFile);
const nodePath = await realpath(process.execPath);

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "substrate-program-")));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test("what is taken of a program is enough to run it by its own linker and libraries", async () => {
  await using root = await temporaryFolder();
  const node = await hostProgramFiles(nodePath);
  assert.equal(node.path, nodePath);
  const layer = join(root.path, "layer.tar");
  await writeFile(layer, packLayer(completeFiles(node.files)));
  await run("tar", ["-xf", layer, "-C", root.path]);
  const inImage = node.files.map(({ path }) => join(root.path, path));
  const linker = inImage.find((path) => /\/ld-[^/]*$/.test(path));
  assert.ok(linker, "the dynamic linker is not among the files");
  const folders = new Set(inImage.filter((path) => path.includes(".so")).map((path) => dirname(path)));
  const { stdout } = await run(linker, [
    ...["--inhibit-cache", "--library-path", [...folders].join(":")],
    ...[join(root.path, nodePath), "--version"],
  ]);
  assert.equal(stdout.trim(), process.version);
});

test("a bare name is found by PATH, past what is no program, and keeps its name by a link", async () => {
  await using folder = await temporaryFolder();
  const first = join(folder.path, "first");
  const second = join(folder.path, "second");
  await mkdir(join(first, "tool"), { recursive: true });
  await mkdir(second);
  await symlink(nodePath, join(second, "tool"));
  const { path, files } = await hostProgramFiles("tool", { searchPath: `${first}::${second}` });
  assert.equal(path, join(second, "tool"));
  assert.deepEqual(
    files.find((file) => file.kind === "link"),
    { kind: "link", path: path.slice(1), target: await readlink(path) },
  );
  assert.ok(files.some((file) => file.kind === "copy" && `/${file.path}` === nodePath));
});

test("a program can lie elsewhere in the image", async () => {
  const { path, files } = await hostProgramFiles(nodePath, { at: "/usr/bin/node" });
  assert.equal(path, "/usr/bin/node");
  assert.deepEqual(files[0], { kind: "copy", path: "usr/bin/node", mode: 0o755, source: nodePath });
});

test("what cannot run is refused by what it is", async () => {
  await using folder = await temporaryFolder();
  const script = join(folder.path, "script");
  const text = join(folder.path, "text");
  await writeFile(script, "#!/usr/bin/env node\n", { mode: 0o755 });
  await writeFile(text, "text", { mode: 0o644 });
  await assert.rejects(hostProgramFiles(script), /is a script \(#!\/usr\/bin\/env node\).* its interpreter/);
  await assert.rejects(hostProgramFiles(text), /is no executable file/);
  await assert.rejects(hostProgramFiles(join(folder.path, "none")), /ENOENT/);
  await assert.rejects(hostProgramFiles("no-such-program"), /no program no-such-program .* PATH/);
});

test("the search path holds each unusual folder once, before the usual ones", () => {
  const usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  assert.equal(searchPathOf(["/usr/bin/node"]), usual);
  assert.equal(searchPathOf(["/opt/a/x", "/opt/b/y", "/opt/a/z"]), `/opt/a:/opt/b:${usual}`);
});
