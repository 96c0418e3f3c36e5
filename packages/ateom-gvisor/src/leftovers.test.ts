import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { processesOf, restoreThatWaits } from "./testing/processes.ts";
import { again, openTestNode, openTestWorker, skipReason, type TestNode } from "./testing/test-worker.ts";

const never = new AbortController().signal;

test("nothing is left behind", { skip: skipReason }, async (suite) => {
  let node: TestNode;
  before(async () => {
    node = await openTestNode();
  });
  after(() => node?.[Symbol.asyncDispose]());

  await suite.test("after close there is no process and no file, whatever ran", async () => {
    const worker = await openTestWorker(node);
    const actor = await worker.place("first");
    await worker.worker.run(actor, never);
    await worker.get();
    await worker.checkpoint(actor, "full");
    await worker.worker.run(again(actor), never);
    await worker.get();
    assert.notDeepEqual(await processesOf(worker.directory), []);
    await worker[Symbol.asyncDispose]();
    assert.deepEqual(await processesOf(worker.directory), []);
    assert.deepEqual(await readdir(worker.directory), []);
  });

  await suite.test("close during a background create waits for it", async () => {
    const worker = await openTestWorker(node);
    const actor = await worker.place("second");
    await worker.worker.run(actor, never);
    await worker.worker.terminate();
    await worker[Symbol.asyncDispose]();
    assert.deepEqual(await processesOf(worker.directory), []);
    assert.deepEqual(await readdir(worker.directory), []);
  });

  await suite.test("a worker that was never closed is cleared up by the next of its uid", async () => {
    const dead = await openTestWorker(node);
    const actor = await dead.place("orphan");
    await dead.worker.run(actor, never);
    await dead.get();
    const processes = await processesOf(dead.directory);
    assert.notDeepEqual(processes, []);
    await dead.network.renew();

    await using next = await openTestWorker(node, dead);
    assert.deepEqual(await processesOf(dead.directory), []);
    await next.worker.run(again(actor), never);
    assert.deepEqual(await next.get(), { memory: 1, file: 1, volume: 0, actorId: "orphan" });
  });

  await suite.test("so is one with a sandbox that waits for its image", async () => {
    const dead = await openTestWorker(node);
    const actor = await dead.place("waits");
    await dead.worker.run(actor, never);
    await dead.worker.terminate();
    await restoreThatWaits(dead.directory);

    await using next = await openTestWorker(node, dead);
    assert.deepEqual(await processesOf(dead.directory), []);
    await next.worker.run(again(actor), never);
    assert.deepEqual(await next.get(), { memory: 1, file: 1, volume: 0, actorId: "waits" });
  });

  await suite.test("terminate is idempotent and leaves the worker usable", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("short");
    await worker.worker.terminate();
    await worker.worker.run(actor, never);
    await worker.worker.terminate();
    await worker.worker.terminate();
    await worker.worker.run(again(actor), never);
    assert.deepEqual(await worker.get(), { memory: 1, file: 1, volume: 0, actorId: "short" });
  });

  await suite.test("a run that is given up at any moment leaves nothing once terminated", async () => {
    const worker = await openTestWorker(node);
    const actor = await worker.place("given-up");
    for (const afterMs of [0, 5, 20, 40, 80, 160]) {
      await worker.worker.run(again(actor), AbortSignal.timeout(afterMs)).catch(() => undefined);
      await worker.worker.terminate();
    }
    await worker[Symbol.asyncDispose]();
    assert.deepEqual(await processesOf(worker.directory), []);
    assert.deepEqual(await readdir(worker.directory), []);
  });
});
