import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { librariesIn, librariesNotFound, sharedLibrariesOf } from "./shared-libraries.ts";

const output = `\tlinux-vdso.so.1 (0x00007ffd)
\tlibgone.so.3 => not found
\tlibown.so => /opt/tool/bin/../lib/libown.so (0x00007f01)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f02)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f03)
`;

test("libraries are read from the linker's answer, without the kernel's own", () => {
  assert.deepEqual(librariesIn(output), [
    "/opt/tool/lib/libown.so",
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/lib64/ld-linux-x86-64.so.2",
  ]);
  assert.deepEqual(librariesNotFound(output), ["libgone.so.3"]);
});

test("what the linker does not load needs no libraries", async () => {
  const folder = await mkdtemp(join(tmpdir(), "substrate-static-"));
  try {
    const program = join(folder, "program");
    await writeFile(program, "no dynamic program", { mode: 0o755 });
    assert.deepEqual(await sharedLibrariesOf(program), []);
  } finally {
    await rm(folder, { recursive: true });
  }
});
