import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createNodeDirectory } from "../testing/node-directory.ts";
import { ActorLog } from "./actor-log.ts";
import { ActorLogs } from "./actor-logs.ts";
import { parseOutputLine } from "./output-record.ts";

const never = new AbortController().signal;
const owner = { atespace: "space", actorId: "one" };

function line(text: string, time = 1) {
  return { ...owner, container: "app", worker: "w", time, text };
}

async function read(logs: ActorLogs, tail = 0): Promise<string[]> {
  const texts: string[] = [];
  for await (const { text } of logs.read(owner, { tail, follow: false }, never)) texts.push(text);
  return texts;
}

test("output is kept in order over restarts, and the last lines can be asked for", async () => {
  await using paths = await createNodeDirectory();
  const logs = new ActorLogs(paths.logs);
  await Promise.all(["a", "b", "c"].map((text) => logs.append(line(text))));
  assert.deepEqual(await read(logs), ["a", "b", "c"]);
  const later = new ActorLogs(paths.logs);
  await later.append(line("d"));
  assert.deepEqual(await read(later), ["a", "b", "c", "d"]);
  assert.deepEqual(await read(later, 2), ["c", "d"]);
});

test("a follower gets what is kept and what comes, each line once", async () => {
  await using paths = await createNodeDirectory();
  const logs = new ActorLogs(paths.logs);
  await logs.append(line("0"));
  const stop = new AbortController();
  const texts: string[] = [];
  for await (const { text } of logs.read(owner, { tail: 0, follow: true }, stop.signal)) {
    texts.push(text);
    if (text === "5") stop.abort();
    else await logs.append(line(String(Number(text) + 1)));
  }
  assert.deepEqual(texts, ["0", "1", "2", "3", "4", "5"]);
});

test("what an actor writes is bounded: the oldest lines go", async () => {
  await using paths = await createNodeDirectory();
  const directory = join(paths.logs, "space/one");
  const log = await ActorLog.open(directory, 4096);
  for (let number = 0; number < 200; number += 1) await log.append(line(String(number)));
  const sizes = await Promise.all(
    (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size),
  );
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 4096, String(sizes));
  const texts: string[] = [];
  for await (const { text } of log.read({ tail: 0, follow: false }, never)) texts.push(text);
  assert.equal(texts.at(-1), "199");
  assert.ok(texts.length < 200);
});

test("a forgotten actor leaves no output, and looking at an unknown one makes nothing", async () => {
  await using paths = await createNodeDirectory();
  const logs = new ActorLogs(paths.logs);
  assert.deepEqual(await read(logs), []);
  assert.deepEqual(await readdir(paths.logs), []);
  await logs.append(line("a"));
  await logs.forget(owner);
  assert.deepEqual(await readdir(join(paths.logs, "space")), []);
});

test("a line of a back end says whose it is and what the actor wrote", () => {
  const labels = {
    "ate.dev/actor_id": "one",
    "ate.dev/actor_template_name": "counter",
    "ate.dev/actor_template_namespace": "default",
    "ate.dev/actor_atespace": "space",
    "ate.dev/container_name": "app",
  };
  const parse = (record: object) => parseOutputLine(JSON.stringify(record), [], 5);
  const plain = parse({ time: "2026-01-01T00:00:00Z", message: "hello", labels });
  assert.deepEqual(plain, {
    ...owner,
    container: "app",
    worker: "",
    time: Date.parse("2026-01-01T00:00:00Z"),
    text: "hello",
  });
  assert.equal(parse({ level: "info", message: "m", labels })?.text, '{"level":"info","message":"m"}');
  assert.equal(parse({ message: "m", labels })?.time, 5);
  for (const other of [{ message: "no labels" }, { labels: {} }]) assert.equal(parse(other), undefined);
  assert.equal(parseOutputLine("plain text", [], 5), undefined);
});
