import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { carrySnapshot, forgetVolume } from "./testing/snapshots.ts";
import { again, openTestNode, openTestWorker, skipReason, type TestNode } from "./testing/test-worker.ts";

const never = new AbortController().signal;

test("durable directories in snapshots", { skip: skipReason }, async (suite) => {
  let node: TestNode;
  before(async () => {
    node = await openTestNode();
  });
  after(() => node?.[Symbol.asyncDispose]());

  await suite.test("full keeps memory and volume, data only the volume", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("keeper", { volume: "store" });
    await worker.worker.run(actor, never);
    assert.deepEqual(await worker.get(), { memory: 1, file: 1, volume: 1, actorId: "keeper" });
    const cycle = async (scope: "full" | "data") => {
      await worker.checkpoint(actor, scope);
      await carrySnapshot(actor, actor);
      await forgetVolume(actor, "store");
      await worker.worker.restore(again(actor), scope, never);
      return worker.get();
    };
    assert.deepEqual(await cycle("full"), { memory: 2, file: 2, volume: 2, actorId: "keeper" });
    assert.deepEqual(await cycle("data"), { memory: 1, file: 1, volume: 3, actorId: "keeper" });
    assert.deepEqual(await cycle("full"), { memory: 2, file: 2, volume: 4, actorId: "keeper" });
  });

  await suite.test(
    "the volume of a full snapshot can be restored alone, memory of a data one cannot",
    async () => {
      await using worker = await openTestWorker(node);
      const actor = await worker.place("partial", { volume: "store" });
      await worker.worker.run(actor, never);
      await worker.get();
      await worker.checkpoint(actor, "full");
      await carrySnapshot(actor, actor);
      await worker.worker.restore(again(actor), "data", never);
      assert.deepEqual(await worker.get(), { memory: 1, file: 1, volume: 2, actorId: "partial" });

      await worker.checkpoint(actor, "data");
      await carrySnapshot(actor, actor);
      await assert.rejects(
        worker.worker.restore(again(actor), "full", never),
        (error: unknown) => error instanceof ConnectError && error.code === Code.FailedPrecondition,
      );
    },
  );

  await suite.test("a data snapshot of an actor without volumes boots it anew", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("plain");
    await worker.worker.run(actor, never);
    await worker.get();
    const files = await worker.checkpoint(actor, "data");
    assert.deepEqual(files, ["gvisor.json"]);
    await carrySnapshot(actor, actor);
    await worker.worker.restore(again(actor), "data", never);
    assert.deepEqual(await worker.get(), { memory: 1, file: 1, volume: 0, actorId: "plain" });
  });
});
