import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { mountTmpfs } from "./testing/mounts.ts";
import { killAndWait, restoreThatWaits } from "./testing/processes.ts";
import { carrySnapshot } from "./testing/snapshots.ts";
import { again, openTestNode, openTestWorker, skipReason, type TestNode } from "./testing/test-worker.ts";

const never = new AbortController().signal;
const counted = (count: number, actorId: string) => ({ memory: count, file: count, volume: 0, actorId });

test("one container on a real sandbox", { skip: skipReason }, async (suite) => {
  let node: TestNode;
  before(async () => {
    node = await openTestNode();
  });
  after(() => node?.[Symbol.asyncDispose]());

  await suite.test("memory and files go on in another worker", async () => {
    await using one = await openTestWorker(node);
    await using two = await openTestWorker(node);
    const first = await one.place("first");
    await one.worker.run(first, never);
    assert.deepEqual(await one.get(), counted(1, "first"));

    const files = await one.checkpoint(first, "full");
    assert.deepEqual([...files].sort(), (await readdir(first.paths.checkpoint)).sort());

    const moved = await two.place("first");
    await carrySnapshot(first, moved);
    await two.worker.restore(moved, "full", never);
    assert.deepEqual(await two.get(), counted(2, "first"));
    assert.equal(await two.read("/etc/resolv.conf"), "nameserver 169.254.17.1\n");
  });

  await suite.test("each actor of one snapshot has its own identity and files", async () => {
    await using worker = await openTestWorker(node);
    const golden = await worker.place("golden");
    await worker.worker.run(golden, never);
    assert.deepEqual(await worker.get(), counted(1, "golden"));
    await worker.checkpoint(golden, "full");
    // The second and third use a sandbox that was created before they were known.
    for (const actorId of ["second", "third"]) {
      const actor = await worker.place(actorId);
      await carrySnapshot(golden, actor);
      await worker.worker.restore(actor, "full", never);
      assert.deepEqual(await worker.get(), counted(2, actorId));
      assert.deepEqual(await worker.get(), counted(3, actorId));
      await worker.checkpoint(actor, "full");
    }
  });

  await suite.test("output is attributed to the actor that runs", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("speaker");
    await worker.worker.run(actor, never);
    await worker.get();
    await worker.checkpoint(actor, "full");
    assert.deepEqual(worker.lines, [{ actorId: "speaker", container: "main", text: "listening on 80" }]);
  });

  await suite.test("a container's end is told with its code, also after a restore", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("ends");
    await worker.worker.run(actor, never);
    await worker.get();
    await worker.checkpoint(actor, "full");
    await carrySnapshot(actor, actor);
    await worker.worker.restore(again(actor), "full", never);
    await worker.get("/exit");
    assert.deepEqual(await worker.nextExit(), { container: "main", code: 7 });
    await worker.worker.terminate();

    await worker.worker.run(again(actor), never);
    await worker.get("/exit");
    assert.deepEqual(await worker.nextExit(), { container: "main", code: 7 });
  });

  await suite.test("an image that does not fit is refused, and the worker goes on", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("picky");
    await worker.worker.run(actor, never);
    await worker.get();
    await worker.checkpoint(actor, "full");

    const restoreWith = async (change: (record: string) => string) => {
      await carrySnapshot(actor, actor);
      const file = join(actor.paths.restore, "gvisor.json");
      await writeFile(file, change(await readFile(file, "utf8")));
      try {
        await worker.worker.restore(again(actor), "full", never);
      } finally {
        await worker.worker.terminate();
      }
    };
    const refusal = (text: RegExp) => (error: unknown) =>
      error instanceof ConnectError && error.code === Code.FailedPrecondition && text.test(error.message);
    await assert.rejects(
      restoreWith((record) => record.replace(/"runscVersion":"[^"]*"/, '"runscVersion":"other-1"')),
      refusal(/taken with runsc version other-1, and this worker has \S/),
    );
    await assert.rejects(
      restoreWith((record) => record.replace('"/app/server.mjs"', '"/app/server.mjs","81"')),
      refusal(/Args.*does not match across checkpoint restore/),
    );
    await restoreWith((record) => record);
  });

  await suite.test("runsc's words about a failure are told without the actor's environment", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("loose-tongue", {
      containers: { main: ["/bin/none-s3cr3t-value", "--key=s3cr3t-value"] },
      env: ["TOKEN=s3cr3t-value"],
    });
    await assert.rejects(worker.worker.run(actor, never), (error: Error) => {
      assert.match(error.message, /runsc \w+ [0-9a-f]{12}-00 failed: .*none-\$TOKEN/);
      assert.doesNotMatch(error.message, /s3cr3t/);
      return true;
    });
    await worker.worker.terminate();
  });

  await suite.test(
    "a snapshot is restored with what it was taken with, whatever the bundle says now",
    async () => {
      await using worker = await openTestWorker(node);
      const actor = await worker.place("shaped");
      await worker.worker.run(actor, never);
      await worker.get();
      await worker.checkpoint(actor, "full");
      await worker.place("shaped", {
        containers: { main: ["/bin/node", "/app/server.mjs", "8080"] },
        env: ["A=1"],
      });
      await carrySnapshot(actor, actor);
      await worker.worker.restore(again(actor), "full", never);
      assert.deepEqual(await worker.get(), counted(2, "shaped"));
    },
  );

  await suite.test("workloads of one shape after another are reached, however fast they come", async () => {
    await using worker = await openTestWorker(node);
    const one = await worker.place("one");
    const other = await worker.place("other", {
      containers: { main: ["/bin/node", "/app/server.mjs", "81"] },
    });
    for (const [workload, port] of [
      [one, 80],
      [other, 81],
      [one, 80],
    ] as const) {
      await worker.worker.run(again(workload), never);
      assert.deepEqual(await worker.get("/", { port }), counted(1, workload.key.actorId));
      await worker.worker.terminate();
    }
  });

  await suite.test(
    "a network that could not be renewed behind the last actor is renewed for the next",
    async () => {
      await using worker = await openTestWorker(node);
      const actor = await worker.place("unlucky");
      await worker.worker.run(actor, never);
      await worker.get();
      const { renew } = worker.network;
      const network: { renew(): Promise<void> } = worker.network;
      network.renew = async () => {
        network.renew = renew;
        throw new Error("this once");
      };
      await worker.worker.terminate();
      await worker.worker.run(again(actor), never);
      assert.deepEqual(await worker.get(), counted(1, "unlucky"));
    },
  );

  await suite.test("a restore that was begun ahead and ended does no harm", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("robbed");
    await worker.worker.run(actor, never);
    await worker.get();
    await worker.checkpoint(actor, "full");
    await carrySnapshot(actor, actor);
    await killAndWait(await restoreThatWaits(worker.directory));
    await worker.worker.restore(again(actor), "full", never);
    assert.deepEqual(await worker.get(), counted(2, "robbed"));
  });

  await suite.test("a failed checkpoint leaves the actor running", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("stays");
    await worker.worker.run(actor, never);
    await worker.get();
    await rm(actor.paths.checkpoint, { recursive: true });
    await writeFile(actor.paths.checkpoint, "no directory");
    await assert.rejects(worker.worker.checkpoint(again(actor), "full", never));
    assert.equal(await worker.worker.isRunning?.(), true);
    assert.deepEqual(await worker.get(), counted(2, "stays"));
  });

  await suite.test("a checkpoint that fills the disk ends the actor, and the worker goes on", async () => {
    await using worker = await openTestWorker(node);
    const actor = await worker.place("fills");
    await worker.worker.run(actor, never);
    await worker.get();
    await using _ = await mountTmpfs(actor.paths.checkpoint, "2m");
    await assert.rejects(worker.worker.checkpoint(again(actor), "full", never), /no space left on device/);
    assert.equal(await worker.worker.isRunning?.(), false);
    await worker.worker.terminate();
    await worker.worker.run(again(actor), never);
    assert.deepEqual(await worker.get(), counted(1, "fills"));
  });
});
