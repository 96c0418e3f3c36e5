// A workload that is snapshotted, frozen or asked what it uses goes on.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { ExecCommand } from "@agent-substrate/ateom-kit";
import { mountTmpfs } from "./testing/mounts.ts";
import { carrySnapshot, forgetVolume } from "./testing/snapshots.ts";
import { again, openTestNode, openTestWorker, skipReason, type TestNode } from "./testing/test-worker.ts";

const never = new AbortController().signal;

test("a workload that goes on", { skip: skipReason }, async (suite) => {
  let node: TestNode;
  before(async () => {
    node = await openTestNode();
  });
  after(() => node?.[Symbol.asyncDispose]());

  const startIn = async (actorId: string, options = {}) => {
    const worker = await openTestWorker(node);
    const actor = await worker.place(actorId, options);
    await worker.worker.run(actor, never);
    await worker.get();
    const snapshot = (scope: "full" | "data") =>
      worker.worker.snapshot?.(again(actor), scope, never) ?? assert.fail("there is no snapshot");
    return { ...worker, actor, snapshot };
  };

  await suite.test("after a snapshot, from which another worker goes on where it was", async () => {
    await using one = await startIn("copied");
    await using two = await openTestWorker(node);
    assert.deepEqual([...(await one.snapshot("full"))].sort(), [
      "checkpoint.img",
      "gvisor.json",
      "pages.img",
      "pages_meta.img",
    ]);
    const counted = (count: number) => ({ memory: count, file: count, volume: 0, actorId: "copied" });
    assert.deepEqual(await one.get(), counted(2));
    const moved = await two.place("copied");
    await carrySnapshot(one.actor, moved);
    await two.worker.restore(moved, "full", never);
    assert.deepEqual(await two.get(), counted(2));
    assert.deepEqual(await one.get(), counted(3));
    // A sandbox that was snapshotted ends as any other.
    await one.checkpoint(one.actor, "full");
    await carrySnapshot(one.actor, one.actor);
    await one.worker.restore(again(one.actor), "full", never);
    assert.deepEqual(await one.get(), counted(4));
  });

  await suite.test("with its memory and its volume of one moment, or its volume alone", async () => {
    await using worker = await startIn("kept", { volume: "store" });
    const counted = (memory: number, volume: number) => ({ memory, file: memory, volume, actorId: "kept" });
    await worker.snapshot("full");
    assert.deepEqual(await worker.get(), counted(2, 2));
    await worker.worker.terminate();
    await carrySnapshot(worker.actor, worker.actor);
    await forgetVolume(worker.actor, "store");
    await worker.worker.restore(again(worker.actor), "full", never);
    assert.deepEqual(await worker.get(), counted(2, 2));

    await rm(worker.actor.paths.checkpoint, { recursive: true });
    await worker.place("kept", { volume: "store" });
    assert.deepEqual([...(await worker.snapshot("data"))].sort(), ["durable-store.tar", "gvisor.json"]);
    assert.deepEqual(await worker.get(), counted(3, 3));
    await worker.worker.terminate();
    await carrySnapshot(worker.actor, worker.actor);
    await worker.worker.restore(again(worker.actor), "data", never);
    assert.deepEqual(await worker.get(), counted(1, 3));
  });

  await suite.test("with what was run beside it", async () => {
    await using worker = await startIn("beside");
    const command: ExecCommand = {
      container: "main",
      command: ["node", "-e", "process.stdin.pipe(process.stdout)"],
      env: [],
    };
    const process = (await worker.worker.exec?.(command, never)) ?? assert.fail();
    await worker.snapshot("full");
    process.stdin.end("still here");
    let output = "";
    for await (const chunk of process.stdout) output += chunk;
    assert.equal(output, "still here");
    assert.deepEqual(await process.exited, { code: 0 });
    await process.close();
    await worker.worker.terminate();
    await carrySnapshot(worker.actor, worker.actor);
    await worker.worker.restore(again(worker.actor), "full", never);
    assert.deepEqual(await worker.get(), { memory: 2, file: 2, volume: 0, actorId: "beside" });
  });

  await suite.test("after a snapshot that filled the disk, or its end is told", async () => {
    await using worker = await startIn("fills");
    await using _ = await mountTmpfs(worker.actor.paths.checkpoint, "2m");
    await assert.rejects(worker.snapshot("full"), /no space left on device/);
    if (await worker.worker.isRunning?.()) {
      assert.deepEqual(await worker.get(), { memory: 2, file: 2, volume: 0, actorId: "fills" });
    }
    await worker.worker.terminate();
  });

  await suite.test("frozen, it answers when it is thawed, and can be ended", async () => {
    await using worker = await startIn("frozen");
    await worker.worker.freeze?.(never);
    let isAnswered = false;
    const answer = worker.get().finally(() => (isAnswered = true));
    const stats = await worker.worker.stats?.(never);
    assert.ok((stats?.memoryBytes ?? 0) > 0);
    assert.equal(isAnswered, false);
    await worker.worker.thaw?.(never);
    assert.deepEqual(await answer, { memory: 2, file: 2, volume: 0, actorId: "frozen" });
    await worker.worker.freeze?.(never);
    await worker.worker.terminate();
    assert.equal(await worker.worker.isRunning?.(), false);
    await worker.worker.run(again(worker.actor), never);
    assert.deepEqual(await worker.get(), { memory: 1, file: 1, volume: 0, actorId: "frozen" });
  });

  await suite.test("what it uses grows as it works", async () => {
    const containers = {
      main: ["/bin/node", "/app/server.mjs"],
      side: ["/bin/node", "/app/server.mjs", "81"],
    };
    for (const options of [{}, { isPod: true, containers }]) {
      await using worker = await startIn("uses", options);
      const stats = async () => (await worker.worker.stats?.(never)) ?? assert.fail();
      const before = await stats();
      for (let count = 0; count < 50; count += 1) await worker.get();
      const after = await stats();
      assert.ok((after.memoryBytes ?? 0) > 1_000_000, `${after.memoryBytes} bytes`);
      assert.ok((after.cpuUsageUs ?? 0) > (before.cpuUsageUs ?? 0));
      for (const way of ["networkReceiveBytes", "networkTransmitBytes"] as const) {
        assert.ok((after[way] ?? 0) > (before[way] ?? 0) + 50 * 40, way);
      }
    }
  });
});
