import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import { refused } from "../testing/refusals.ts";
import { TestPlane } from "../testing/test-plane.ts";

const { Actor_Status: Status } = ateapi;
const x = { actorRef: { atespace: "a", name: "x" } };

async function lastEvent(plane: TestPlane) {
  const { events } = await plane.watch.listEvents({ atespace: "a" });
  return events.at(-1);
}

/** Waits for an event by the watch. */
async function untilEvent(plane: TestPlane, reason: string, atespace = "a") {
  for await (const { change } of plane.watch.watch({ events: true, atespace })) {
    if (change.case === "event" && change.value.reason === reason) return change.value;
  }
  throw new Error("the watch ended");
}

test("a lost workload takes its actor back to the last snapshot, and says what was lost", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  const { latestSnapshotInfo } = await plane.suspend("x");
  await plane.resume("x");
  const worker = node.running("x");
  assert.ok(worker);
  node.loseWorkload(worker, "exit code 137, out of memory");
  const event = await untilEvent(plane, "WorkerLost");
  assert.match(
    event.message,
    /a\/x went back to snapshot snap-\w+: exit code 137, out of memory; what it did in the last \d+\.\d s is lost/,
  );
  const actor = await plane.get("x");
  assert.equal(actor.status, Status.SUSPENDED);
  assert.deepEqual(actor.latestSnapshotInfo, latestSnapshotInfo);
  assert.equal((await plane.resume("x")).status, Status.RUNNING);
});

test("an actor that had no snapshot begins anew from the golden one", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  const worker = node.running("x");
  assert.ok(worker);
  node.loseWorkload(worker);
  assert.match((await untilEvent(plane, "WorkerLost")).message, /had no snapshot and begins anew/);
  assert.equal((await plane.resume("x")).status, Status.RUNNING);
});

test("where the template says Crash, traffic does not take it back; a suspend does", async () => {
  await using tested = await TestPlane.withNode({}, {}, { lifecycle: { onWorkerLoss: "Crash" } });
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  const worker = node.running("x");
  assert.ok(worker);
  node.loseWorkload(worker, "exit code 3");
  await plane.untilStatus("x", Status.CRASHED);
  await refused(plane.control.resumeActor(x), Code.FailedPrecondition, /crashed: exit code 3; suspend it/);
  await refused(plane.control.deleteActor(x), Code.FailedPrecondition, /CRASHED/);
  assert.equal((await lastEvent(plane))?.reason, "Crashed");
  assert.equal((await plane.suspend("x")).status, Status.SUSPENDED);
  assert.equal((await plane.resume("x")).status, Status.RUNNING);
});

test("a worker that leaves the inventory, or whose back end started anew, is lost", async () => {
  await using tested = await TestPlane.withNode({ workers: 2 });
  const { plane, node } = tested;
  for (const name of ["x", "y"]) {
    await plane.createActor(name);
    await plane.resume(name);
  }
  const [first, second] = [node.running("x"), node.running("y")];
  assert.ok(first && second);
  node.workers.splice(node.workers.indexOf(first), 1);
  second.bootId = "another";
  second.becomeBlank();
  node.tellInventory();
  await plane.untilStatus("x", Status.SUSPENDED);
  await plane.untilStatus("y", Status.SUSPENDED);
});

test("a stream that breaks loses nothing; a lease that ends loses the workers", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  const { ateomPodUid } = await plane.resume("x");
  await node.disconnect();
  await node.connect();
  await plane.createActor("y");
  assert.equal((await plane.get("x")).ateomPodUid, ateomPodUid);
  await node.disconnect();
  await plane.untilStatus("x", Status.SUSPENDED);
  assert.deepEqual((await plane.control.listWorkers({})).workers, []);
  // What the node went on running belongs to nobody now, and is ended when it is back.
  node.calls.length = 0;
  await node.connect();
  assert.equal((await plane.resume("y")).status, Status.RUNNING);
  assert.equal(node.callsOf("x")[0], "endWorkload");
});

test("a workload that nobody asked for is ended", async () => {
  await using tested = await TestPlane.withNode({ workers: 2 });
  const { plane, node } = tested;
  await plane.untilPhase("counter", "Ready");
  const [worker] = node.workers;
  worker?.execute(7n, "a", "stray");
  const ended = new Promise<void>((resolve) => {
    node.after = ({ name, generation }) => {
      if (name === "endWorkload" && generation === 0n) resolve();
    };
  });
  node.tellInventory();
  await ended;
});

test("a pool whose workers cannot be started says why to everybody who waits, and counts none", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.untilPhase("counter", "Ready");
  await plane.createActor("x");
  const [worker] = node.workers;
  assert.ok(worker);
  worker.failure = "its back end ended with exit code 127";
  const told = untilEvent(plane, "WorkerNotStarted", "");
  node.tellInventory();
  assert.match((await told).message, /pool default\/pool does not start on node .*: its back end ended/);
  assert.deepEqual((await plane.control.listWorkers({})).workers, []);
  await refused(
    plane.control.resumeActor(x, { timeoutMs: 1500 }),
    Code.FailedPrecondition,
    /^no free workers available: a worker of pool default\/pool does not start/,
  );
  worker.failure = "";
  node.tellInventory();
  assert.equal((await plane.resume("x")).status, Status.RUNNING);
});
