import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { contractPaths } from "@agent-substrate/contract";
import { carrySnapshot } from "./testing/snapshots.ts";
import { again, openTestNode, openTestWorker, skipReason } from "./testing/test-worker.ts";

const never = new AbortController().signal;
/** Of a base path whose `ateom.sock` has exactly the 107 bytes that a socket's path may have. */
const basePathBytes = 52;

test("the longest base path that the contract allows", { skip: skipReason }, async () => {
  const outer = await mkdtemp(join(tmpdir(), "gv-"));
  const basePath = join(outer, "x".repeat(basePathBytes - outer.length - 1));
  const socketsElsewhere = async () => {
    const names = [...(await readdir("/run")), ...(await readdir("/tmp"))];
    return names.filter((name) => name.startsWith("runsc-") && name.endsWith(".sock"));
  };
  const before = await socketsElsewhere();
  try {
    await using node = await openTestNode(basePath);
    await using worker = await openTestWorker(node);
    assert.equal(contractPaths(basePath).ateom(worker.uid).socket.length, 107);
    const actor = await worker.place("far");
    await worker.worker.run(actor, never);
    await worker.get();
    await worker.checkpoint(actor, "full");
    await carrySnapshot(actor, actor);
    await worker.worker.restore(again(actor), "full", never);
    assert.deepEqual(await worker.get(), { memory: 2, file: 2, volume: 0, actorId: "far" });
    assert.deepEqual(await socketsElsewhere(), before);
    await worker.get("/exit");
    // The first that is told is the one that happened.
    assert.deepEqual(await worker.nextExit(), { container: "main", code: 7 });
  } finally {
    await rm(outer, { recursive: true, force: true });
  }
});
