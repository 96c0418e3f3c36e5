import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { examineMemory, examinePort, examineRuntime } from "./examine-resources.ts";
import { examineCommands, examineGracePeriods, examineKernel } from "./examine-system.ts";
import { formatFinding } from "./finding.ts";

test("a missing command is named with the package that brings it", async () => {
  const finding = await examineCommands("# comment\nsh dash\nno-such-command some-package\n");
  assert.equal(finding.verdict, "lacks");
  assert.match(formatFinding(finding), /no no-such-command\n.*apt-get install .*some-package/);
});

test("an old kernel lacks, a new one is fine", async () => {
  assert.equal((await examineKernel("4.19.0-12-amd64")).verdict, "lacks");
  assert.equal((await examineKernel("6.18.44")).verdict, "ok");
});

test("a runtime that is no program is told from one that is missing", async () => {
  assert.match((await examineRuntime(undefined)).text, /no runsc/);
  assert.match((await examineRuntime("/dev/null")).text, /does not run/);
});

test("little memory is slow", async () => {
  assert.equal((await examineMemory("MemAvailable:     500000 kB\n")).verdict, "slow");
  assert.equal((await examineMemory("MemAvailable:    5000000 kB\n")).verdict, "ok");
});

test("a port that somebody has is said to be taken", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  assert.equal((await examinePort(port, "SUBSTRATE_LISTEN", "--listen")).verdict, "slow");
  server.close();
  await once(server, "close");
  assert.equal((await examinePort(port, "SUBSTRATE_LISTEN", "--listen")).verdict, "ok");
});

test("grace periods that are not expedited come with the line that expedites them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "substrate-doctor-"));
  try {
    const path = join(folder, "rcu_expedited");
    await writeFile(path, "0\n");
    assert.equal((await examineGracePeriods(path)).mend, `echo 1 >${path}`);
    await writeFile(path, "1\n");
    assert.equal((await examineGracePeriods(path)).verdict, "ok");
  } finally {
    await rm(folder, { recursive: true });
  }
});
