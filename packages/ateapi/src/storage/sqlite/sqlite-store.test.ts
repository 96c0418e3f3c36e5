import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { type OpenedStore, storeSuite } from "../store-suite.ts";
import { openSqliteStore } from "./sqlite-store.ts";

storeSuite("SQLite", openTemporary);

async function openTemporary(): Promise<OpenedStore> {
  const folder = await mkdtemp(join(tmpdir(), "ateapi-store-"));
  const path = join(folder, "substrate.db");
  let store = await openSqliteStore(path);
  return {
    store,
    async reopen() {
      await store.close();
      store = await openSqliteStore(path);
      return store;
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Creates atespaces without end and says which ones the store answered. */
const writer = `
  const { openSqliteStore } = await import(process.argv[1]);
  const store = await openSqliteStore(process.argv[2]);
  for (let n = 0; ; n++) {
    await store.createAtespace("n" + n);
    process.stdout.write(n + "\\n");
  }`;

test("SQLite store: what was answered outlives a kill", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ateapi-store-"));
  const path = join(folder, "substrate.db");
  const module = new URL("./sqlite-store.ts", import.meta.url).href;
  const child = spawn(process.execPath, ["--input-type=module", "-e", writer, module, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    let answered = -1;
    for await (const line of createInterface(child.stdout)) {
      answered = Number(line);
      if (answered === 40) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    const store = await openSqliteStore(path);
    const kept = new Set(await store.listAtespaces());
    await store.close();
    assert.ok(answered >= 40);
    for (let n = 0; n <= answered; n++) assert.ok(kept.has(`n${n}`), `n${n} is lost`);
  } finally {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  }
});

test("SQLite store: a second process is refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ateapi-store-"));
  const path = join(folder, "substrate.db");
  const store = await openSqliteStore(path);
  try {
    await store.createAtespace("a");
    await assert.rejects(openSqliteStore(path), /locked/);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
});
