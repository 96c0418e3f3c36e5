import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { waitForSilence } from "./former-life.ts";

async function serverInFolder() {
  const folder = await mkdtemp(join(tmpdir(), "substrate-life-"));
  const path = join(folder, "a.sock");
  const connections: Socket[] = [];
  const server = createServer((socket) => connections.push(socket)).listen(path);
  await once(server, "listening");
  const end = async () => {
    const closed = once(server, "close");
    server.close();
    for (const connection of connections) connection.destroy();
    await closed;
  };
  return { path, server, end, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

test("a socket at which nobody listens is silent", async () => {
  await waitForSilence("/nowhere/a.sock", AbortSignal.timeout(5000));
});

test("the wait ends with the server", async () => {
  await using former = await serverInFolder();
  const connected = once(former.server, "connection");
  const silence = waitForSilence(former.path, AbortSignal.timeout(5000));
  await connected;
  await former.end();
  await silence;
});

test("the wait is given up when it is told to", async () => {
  await using former = await serverInFolder();
  const enough = new AbortController();
  const silence = waitForSilence(former.path, enough.signal);
  await once(former.server, "connection");
  enough.abort();
  await assert.rejects(silence, { name: "AbortError" });
  await former.end();
});
