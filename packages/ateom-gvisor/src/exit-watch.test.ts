import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type WatchedContainer, watchExit } from "./exit-watch.ts";
import { askForExit } from "./sandbox-control.ts";

const never = new AbortController().signal;

/** A sandbox's control socket in a directory, which it is made in by a name relative to it. */
async function serveControl(onQuestion: (socket: Socket, question: string) => void, name = "d") {
  const home = await mkdtemp(join(tmpdir(), "control-"));
  const directory = join(home, name);
  await mkdir(directory);
  const server = createServer((socket) => socket.once("data", (data) => onQuestion(socket, String(data))));
  const before = process.cwd();
  process.chdir(directory);
  server.listen("s.sock");
  process.chdir(before);
  await once(server, "listening");
  return {
    path: join(directory, "s.sock"),
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(home, { recursive: true });
    },
  };
}

test("an answer is read from a socket whose path no call would take", async () => {
  await using control = await serveControl((socket, question) => {
    assert.deepEqual(JSON.parse(question), { method: "containerManager.Wait", arg: "c-00" });
    socket.write(JSON.stringify({ success: true, result: 7 << 8 }));
  }, "n".repeat(120));
  assert.deepEqual(await askForExit(["/nowhere/s.sock", control.path], "c-00", never), { code: 7 });
});

test("what was not told is not known", async () => {
  assert.equal(await askForExit(["/nowhere/s.sock"], "c-00", never), undefined);
  for (const answer of ["", "null", "{", '{"success":false,"err":"no such container"}']) {
    await using control = await serveControl((socket) => socket.end(answer));
    assert.equal(await askForExit([control.path], "c-00", never), undefined, answer);
  }
});

function watched(ask: WatchedContainer["ask"]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const mute = Promise.withResolvers<void>();
  return { container: { ask, sandboxEnded: promise, onMute: mute.resolve }, end: resolve, mute };
}

test("a question without an answer is asked again", async () => {
  const answers = [undefined, undefined, { code: 3 }];
  const { container } = watched(async () => answers.shift());
  assert.deepEqual(await watchExit(container, never), { code: 3 });
});

test("a sandbox that never answers is no end; its own end is", async () => {
  const { container, end, mute } = watched(async () => undefined);
  let isOver = false;
  const exit = watchExit(container, never).finally(() => {
    isOver = true;
  });
  await mute.promise;
  assert.equal(isOver, false);
  end();
  assert.deepEqual(await exit, { signal: 9 });
});

test("a sandbox that ended before it could be asked has killed its containers", async () => {
  const { container, end } = watched(async () => undefined);
  end();
  assert.deepEqual(await watchExit(container, never), { signal: 9 });
});

test("nothing is told once the watch is given up", async () => {
  const over = new AbortController();
  const { container, mute } = watched(async () => undefined);
  const exit = watchExit(container, over.signal);
  await mute.promise;
  over.abort();
  assert.equal(await exit, undefined);
});
