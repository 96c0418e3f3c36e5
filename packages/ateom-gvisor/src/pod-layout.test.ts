import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { carrySnapshot } from "./testing/snapshots.ts";
import { again, openTestNode, openTestWorker, skipReason, type TestNode } from "./testing/test-worker.ts";

const never = new AbortController().signal;
const twoContainers = {
  isPod: true,
  containers: {
    main: ["/bin/node", "/app/server.mjs"],
    side: ["/bin/node", "/app/server.mjs", "81"],
  },
};

test("several containers in one sandbox", { skip: skipReason }, async (suite) => {
  let node: TestNode;
  before(async () => {
    node = await openTestNode();
  });
  after(() => node?.[Symbol.asyncDispose]());

  await suite.test("all go on after a restore, each with its own files", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("twins", twoContainers);
    await worker.worker.run(actor, never);
    assert.deepEqual(await worker.get(), { memory: 1, file: 1, volume: 0, actorId: "twins" });
    assert.deepEqual(await worker.get("/", { port: 81 }), {
      memory: 1,
      file: 1,
      volume: 0,
      actorId: "twins",
    });
    for (const count of [2, 3]) {
      await worker.checkpoint(actor, "full");
      await carrySnapshot(actor, actor);
      await worker.worker.restore(again(actor), "full", never);
      const expected = { memory: count, file: count, volume: 0, actorId: "twins" };
      assert.deepEqual(await worker.get(), expected);
      assert.deepEqual(await worker.get("/", { port: 81 }), expected);
    }
  });

  await suite.test("one container's end is told while the other goes on", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("half", twoContainers);
    await worker.worker.run(actor, never);
    await worker.get();
    await worker.get("/exit", { port: 81 });
    assert.deepEqual(await worker.nextExit(), { container: "side", code: 7 });
    assert.deepEqual(await worker.get(), { memory: 2, file: 2, volume: 0, actorId: "half" });
  });

  await suite.test("a durable directory is shared by containers and snapshots", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("shared", { ...twoContainers, volume: "store" });
    await worker.worker.run(actor, never);
    assert.deepEqual(await worker.get(), { memory: 1, file: 1, volume: 1, actorId: "shared" });
    assert.deepEqual(await worker.get("/", { port: 81 }), {
      memory: 1,
      file: 1,
      volume: 2,
      actorId: "shared",
    });
    await worker.checkpoint(actor, "full");
    await carrySnapshot(actor, actor);
    await worker.worker.restore(again(actor), "full", never);
    assert.deepEqual(await worker.get(), { memory: 2, file: 2, volume: 3, actorId: "shared" });
  });
});
