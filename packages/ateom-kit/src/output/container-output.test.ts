import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { PhaseClock } from "@agent-substrate/contract";
import type { ContainerOutput, Workload } from "../back-end.ts";
import { actorKey, makeDataFolder } from "../test-support/back-end-process.ts";
import { openContainerOutput } from "./container-output.ts";
import type { LineWriter } from "./line-writer.ts";

function collectingWriter() {
  const messages: string[] = [];
  let free = Promise.withResolvers<void>();
  let asked = Promise.withResolvers<void>();
  let isFull = false;
  const writer: LineWriter = {
    write: (line) => messages.push(JSON.parse(line).message),
    isFull: () => isFull,
    whenFree: () => {
      asked.resolve();
      return isFull ? free.promise : Promise.resolve();
    },
  };
  /** Resolves when somebody waits for the writer. */
  const stall = () => {
    isFull = true;
    free = Promise.withResolvers();
    asked = Promise.withResolvers();
    return asked.promise;
  };
  const release = () => {
    isFull = false;
    free.resolve();
  };
  return { writer, messages, stall, release };
}

function workload(
  actorId: string,
  paths: { actor: (key: ReturnType<typeof actorKey>) => Workload["paths"] },
): Workload {
  const key = actorKey(actorId);
  return { key, containers: [], assets: {}, paths: paths.actor(key), phases: new PhaseClock() };
}

async function print(output: ContainerOutput, script: string): Promise<void> {
  const child = spawn("sh", ["-c", script], { stdio: ["ignore", output.fd, output.fd] });
  await once(child, "exit");
}

test("what was written before a drain has come when it returns, an unfinished line too", async () => {
  await using folder = await makeDataFolder();
  const { writer, messages } = collectingWriter();
  const path = join(folder.paths.basePath, "out");
  const output = await openContainerOutput(path, writer, () => undefined);
  await print(output, "echo dropped");
  await output.drain();
  output.attribute(workload("a1", folder.paths), "app");
  await print(output, "echo one; echo two >&2; printf three");
  await output.drain();
  assert.deepEqual(messages, ["one", "two", "three"]);
  assert.deepEqual(output.recentLines(), ["one", "two", "three"]);
  output.attribute(undefined, "app");
  await print(output, "echo nobody");
  await output.close();
  await output.close();
  assert.deepEqual(messages, ["one", "two", "three"]);
  await assert.rejects(stat(path), { code: "ENOENT" });
});

test("a stalled reader holds the actor up and loses nothing", async () => {
  await using folder = await makeDataFolder();
  const { writer, messages, stall, release } = collectingWriter();
  const output = await openContainerOutput(join(folder.paths.basePath, "out"), writer, () => undefined);
  output.attribute(workload("a1", folder.paths), "app");
  const waitedFor = stall();
  const printed = print(output, "seq 1 100000");
  await waitedFor;
  assert.deepEqual(messages, []);
  release();
  await printed;
  await output.close();
  assert.equal(messages.length, 100_000);
  assert.equal(messages.at(-1), "100000");
});
