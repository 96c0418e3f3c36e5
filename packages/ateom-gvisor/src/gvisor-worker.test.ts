import assert from "node:assert/strict";
import { cp, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Workload } from "@agent-substrate/ateom-kit";
import { again, openTestNode, openTestWorker, skipReason, type TestNode } from "./testing/test-worker.ts";

const never = new AbortController().signal;

/** Moves a snapshot to where the next restore of the actor reads it. */
async function carry(from: Workload, to: Workload): Promise<void> {
  await cp(from.paths.checkpoint, to.paths.restore, { recursive: true, force: true });
}

test("actors on a real sandbox", { skip: skipReason }, async (suite) => {
  let node: TestNode;
  before(async () => {
    node = await openTestNode();
  });
  after(() => node?.[Symbol.asyncDispose]());

  await suite.test(
    "memory and files go on in another worker, and each actor has its own identity",
    async () => {
      await using one = await openTestWorker(node);
      await using two = await openTestWorker(node);
      const first = await one.place("first");
      await one.worker.run(first, never);
      assert.deepEqual(await one.get(), { memory: 1, file: 1, volume: 0, actorId: "first" });

      const files = await one.worker.checkpoint(again(first), "full", never);
      assert.deepEqual([...files].sort(), (await readdir(first.paths.checkpoint)).sort());

      await carry(first, first);
      const moved = await two.place("first");
      await two.worker.restore(moved, "full", never);
      assert.deepEqual(await two.get(), { memory: 2, file: 2, volume: 0, actorId: "first" });

      const second = await one.place("second");
      await carry(first, second);
      await one.worker.restore(second, "full", never);
      assert.deepEqual(await one.get(), { memory: 2, file: 2, volume: 0, actorId: "second" });
      console.error(second.phases.finish());
    },
  );
});
