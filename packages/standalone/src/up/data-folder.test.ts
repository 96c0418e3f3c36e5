import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { dataFolder, dataFolderFault } from "./data-folder.ts";
import { lockDataFolder } from "./data-folder-lock.ts";
import { readRunningFacts, removeRunningFacts, writeRunningFacts } from "./running-facts.ts";

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "substrate-lock-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test("a second owner of a data folder is refused and told who the first is", async () => {
  await using temporary = await temporaryFolder();
  const folder = dataFolder(temporary.path);
  await using _lock = await lockDataFolder(folder);
  await writeRunningFacts(folder.facts, {
    pid: 4711,
    apiAddress: "127.0.0.1:1",
    routerAddress: "127.0.0.1:2",
  });
  await assert.rejects(lockDataFolder(folder), /in use by process 4711 .*--data/);
});

test("a data folder is free again once its owner lets go", async () => {
  await using temporary = await temporaryFolder();
  const folder = dataFolder(temporary.path);
  const first = await lockDataFolder(folder);
  await first[Symbol.asyncDispose]();
  await using _second = await lockDataFolder(folder);
});

test("what a running up says of itself is read back, and is gone when removed", async () => {
  await using temporary = await temporaryFolder();
  const path = join(temporary.path, "up.json");
  assert.equal(await readRunningFacts(path), undefined);
  const facts = { pid: 1, apiAddress: "127.0.0.1:7070", routerAddress: "127.0.0.1:7080" };
  await writeRunningFacts(path, facts);
  assert.deepEqual(await readRunningFacts(path), facts);
  await removeRunningFacts(path);
  assert.equal(await readRunningFacts(path), undefined);
});

test("a data folder whose sockets would be too long is at fault", () => {
  assert.equal(dataFolderFault("/var/lib/substrate"), undefined);
  assert.match(dataFolderFault(`/tmp/${"d".repeat(60)}`) ?? "", /too long/);
});

test("a data folder that no URL could name is at fault", () => {
  assert.equal(dataFolderFault("/tmp/größe-1.2_x"), undefined);
  for (const name of ["/tmp/a b", "/tmp/a?b", "/tmp/a#b", "/tmp/a%20b"]) {
    assert.match(dataFolderFault(name) ?? "", /holds "[ ?#%]"/);
  }
});
