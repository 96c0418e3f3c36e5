import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openServerLog, urgentPart } from "./server-log.ts";

test("a log that has grown too long is begun anew, and the old one is kept", async () => {
  const folder = await mkdtemp(join(tmpdir(), "substrate-log-"));
  try {
    const path = join(folder, "atelet.log");
    await writeFile(path, "");
    await truncate(path, 16 * 1024 * 1024 + 1);
    const log = openServerLog(path);
    log.write("new");
    log.close();
    assert.deepEqual(await readdir(folder), ["atelet.log", "atelet.log.1"]);
    assert.equal(await readFile(path, "utf8"), "new\n");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a line that a full disk does not take is dropped, and so is one after the close", () => {
  const log = openServerLog("/dev/full");
  log.write("lost");
  log.close();
  log.close();
  log.write("late");
});

test("errors and what is no log line are urgent, the rest is not", () => {
  assert.equal(urgentPart('{"level":"warn","msg":"slow"}'), undefined);
  assert.equal(urgentPart('{"level":"error","msg":"no","err":{"message":"why"}}'), "no: why");
  assert.equal(urgentPart("Segmentation fault"), "Segmentation fault");
});
