import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import type { WorkerLog } from "../back-end.ts";
import { makeDataFolder } from "../test-support/back-end-process.ts";
import type { OperationKind } from "./completed-operation.ts";
import { NothingDone } from "./nothing-done.ts";
import { openJournal } from "./operation-journal.ts";

const silent: WorkerLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function call(
  operationId: string | undefined,
  kind: OperationKind = "checkpoint",
  actor = "a",
  generation?: bigint,
) {
  return { subject: { kind, actor }, operationId, generation };
}

async function openIn(folder: { paths: { basePath: string } }) {
  return openJournal(join(folder.paths.basePath, "operations.json"), silent);
}

/** An action that counts how often it was performed. */
function counted(result: () => Promise<readonly string[]> = async () => ["f"]) {
  const action = Object.assign(
    () => {
      action.times += 1;
      return result();
    },
    { times: 0 },
  );
  return action;
}

test("an id is performed once, by however many callers, and recorded over a restart", async () => {
  await using folder = await makeDataFolder();
  const journal = await openIn(folder);
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  const action = counted(() => promise);
  const callers = [journal.perform(call("op1"), action), journal.perform(call("op1"), action)];
  resolve(["one", "two"]);
  assert.deepEqual(await Promise.all(callers), [
    ["one", "two"],
    ["one", "two"],
  ]);
  assert.deepEqual(await journal.perform(call("op1"), action), ["one", "two"]);
  assert.deepEqual(await (await openIn(folder)).perform(call("op1"), action), ["one", "two"]);
  assert.equal(action.times, 1);
});

test("a failure is recorded, a refusal is not", async () => {
  await using folder = await makeDataFolder();
  const journal = await openIn(folder);
  const failing = counted(() => Promise.reject(new ConnectError("broke", Code.Unavailable)));
  await assert.rejects(journal.perform(call("op1"), failing), /broke/);
  await assert.rejects((await openIn(folder)).perform(call("op1"), failing), { code: Code.Unavailable });
  assert.equal(failing.times, 1);
  await assert.rejects(
    journal.perform(call("op2"), () => Promise.reject(new NothingDone("busy"))),
    /busy/,
  );
  assert.deepEqual(await journal.perform(call("op2"), counted()), ["f"]);
});

test("a start is not replayed after a restart: its workload is gone", async () => {
  await using folder = await makeDataFolder();
  const start = counted(async () => []);
  const journal = await openIn(folder);
  await journal.perform(call("op1", "restore"), start);
  await journal.perform(call("op1", "restore"), start);
  await journal.flush();
  assert.equal(start.times, 1);
  await (await openIn(folder)).perform(call("op1", "restore"), start);
  assert.equal(start.times, 2);
});

test("an id belongs to what it was used for", async () => {
  await using folder = await makeDataFolder();
  const journal = await openIn(folder);
  await journal.perform(call("op1"), counted());
  await assert.rejects(journal.perform(call("op1", "run"), counted()), { code: Code.InvalidArgument });
  await assert.rejects(journal.perform(call("op1", "checkpoint", "b"), counted()), {
    code: Code.InvalidArgument,
  });
});

test("an older generation of an actor is refused, over a restart too; each actor has its own", async () => {
  await using folder = await makeDataFolder();
  const journal = await openIn(folder);
  await journal.perform(call("op1", "run", "a", 7n), counted());
  await journal.perform(call("op2", "checkpoint", "a", 7n), counted());
  await journal.perform(call("op3", "run", "b", 2n), counted());
  await journal.flush();
  for (const opened of [journal, await openIn(folder)]) {
    await assert.rejects(opened.perform(call("op4", "run", "a", 6n), counted()), /generation 6 of a is over/);
    await opened.perform(call("op5", "run", "b", 3n), counted());
  }
});

test("calls without an id are performed each time", async () => {
  await using folder = await makeDataFolder();
  const journal = await openIn(folder);
  const action = counted();
  await journal.perform(call(undefined), action);
  await journal.perform(call(undefined), action);
  assert.equal(action.times, 2);
});

test("the record is bounded and an unreadable one is begun anew", async () => {
  await using folder = await makeDataFolder();
  await writeFile(join(folder.paths.basePath, "operations.json"), "{half");
  const journal = await openIn(folder);
  const first = counted();
  await journal.perform(call("op"), first);
  for (let index = 0; index < 128; index += 1) await journal.perform(call(`op${index}`, "run"), counted());
  await journal.perform(call("op"), first);
  assert.equal(first.times, 2);
});
