import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { FakeNode, NodeCallName } from "../testing/fake-node.ts";
import { refused } from "../testing/refusals.ts";
import { TestPlane } from "../testing/test-plane.ts";

const { Actor_Status: Status } = ateapi;
const x = { actorRef: { atespace: "a", name: "x" } };

/** Holds the next call of a name for an actor until it is let go. */
function hold(node: FakeNode, name: NodeCallName, actor = "x") {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  node.before = async (call) => {
    if (call.name !== name || call.actor !== actor) return;
    reached.resolve();
    await released.promise;
  };
  return { reached: reached.promise, release: released.resolve };
}

test("callers of the same operation join it, another one is ABORTED", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.untilPhase("counter", "Ready");
  await plane.createActor("x");
  const restore = hold(node, "restore");
  const resumes = [plane.resume("x"), plane.resume("x"), plane.resume("x")];
  await restore.reached;
  assert.equal((await plane.get("x")).status, Status.RESUMING);
  await refused(plane.control.suspendActor(x), Code.Aborted, /busy \(resume\)/);
  await refused(plane.control.pauseActor(x), Code.Aborted);
  await refused(plane.control.deleteActor(x), Code.Aborted);
  restore.release();
  for (const actor of await Promise.all(resumes)) assert.equal(actor.status, Status.RUNNING);
  assert.deepEqual(node.callsOf("x"), ["restore"]);

  const checkpoint = hold(node, "checkpoint");
  const suspends = [plane.suspend("x"), plane.suspend("x")];
  await checkpoint.reached;
  await refused(plane.control.resumeActor(x), Code.Aborted, /busy \(suspend\)/);
  await refused(plane.control.pauseActor(x), Code.Aborted);
  checkpoint.release();
  for (const actor of await Promise.all(suspends)) assert.equal(actor.status, Status.SUSPENDED);
});

test("an operation goes on when its caller hangs up (L4)", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.untilPhase("counter", "Ready");
  await plane.createActor("x");
  const restore = hold(node, "restore");
  const caller = new AbortController();
  const call = plane.control.resumeActor(x, { signal: caller.signal });
  await restore.reached;
  caller.abort();
  await refused(call, Code.Canceled);
  restore.release();
  await plane.untilStatus("x", Status.RUNNING);
});

test("a resume during the upload restores the local copy at once, and the upload goes on (L5)", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  const upload = hold(node, "uploadSnapshot");
  const suspend = plane.suspend("x");
  await upload.reached;
  assert.equal((await plane.get("x")).status, Status.SUSPENDING);
  const running = await plane.resume("x");
  assert.equal(running.status, Status.RUNNING);
  assert.equal(running.latestSnapshotInfo?.data.case, "local");
  upload.release();
  assert.equal((await suspend).status, Status.RUNNING);
  assert.equal((await plane.get("x")).latestSnapshotInfo?.data.case, "external");
});

test("a snapshot that cannot be stored leaves the actor PAUSED with it, and suspend tries again", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  node.before = ({ name }) => {
    if (name === "uploadSnapshot") throw new ConnectError("the bucket is gone", Code.FailedPrecondition);
  };
  await refused(
    plane.control.suspendActor(x),
    Code.FailedPrecondition,
    /kept on its node.*the bucket is gone/,
  );
  assert.equal((await plane.get("x")).status, Status.PAUSED);
  node.before = () => undefined;
  assert.equal((await plane.suspend("x")).status, Status.SUSPENDED);
});

test("a failed restore is an error, and the actor keeps its snapshot (L7)", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  await plane.suspend("x");
  const before = await plane.get("x");
  node.before = ({ name }) => {
    if (name === "restore") throw new ConnectError("the snapshot is damaged", Code.FailedPrecondition);
  };
  await refused(
    plane.control.resumeActor(x),
    Code.FailedPrecondition,
    /did not wake: the snapshot is damaged/,
  );
  const after = await plane.get("x");
  assert.equal(after.status, Status.SUSPENDED);
  assert.deepEqual(after.latestSnapshotInfo, before.latestSnapshotInfo);
  assert.deepEqual(node.callsOf("x").slice(-2), ["restore", "endWorkload"]);
  const { events } = await plane.watch.listEvents({ atespace: "a" });
  assert.equal(events.at(-1)?.reason, "ResumeFailed");
  node.before = () => undefined;
  assert.equal((await plane.resume("x")).status, Status.RUNNING);
});

test("RESOURCE_EXHAUSTED of a node is FAILED_PRECONDITION to clients", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  node.before = ({ actor }) => {
    if (actor === "x") throw new ConnectError("the disk is full", Code.ResourceExhausted);
  };
  await refused(plane.control.resumeActor(x), Code.FailedPrecondition, /the disk is full/);
});

test("a worker that fails is replaced by another one, with a new generation", async () => {
  await using tested = await TestPlane.withNode({ workers: 2 });
  const { plane, node } = tested;
  await plane.untilPhase("counter", "Ready");
  await plane.createActor("x");
  let failures = 0;
  node.before = ({ name }) => {
    if (name === "restore" && failures++ === 0) throw new ConnectError("no such worker", Code.NotFound);
  };
  assert.equal((await plane.resume("x")).status, Status.RUNNING);
  const restores = node.calls.filter(({ name, actor }) => name === "restore" && actor === "x");
  const [failed = 0n, done = 0n, ...more] = restores.map(({ generation }) => generation);
  assert.ok(failed < done);
  assert.deepEqual(more, []);
});

test("a lost reply is not a lost snapshot: the same call is repeated and answered from the record (L6)", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  let lost = 0;
  node.after = ({ name }) => {
    if (name === "checkpoint" && lost++ === 0)
      throw new ConnectError("the connection broke", Code.Unavailable);
  };
  assert.equal((await plane.suspend("x")).status, Status.SUSPENDED);
  const checkpoints = node.calls.filter(({ name, actor }) => name === "checkpoint" && actor === "x");
  assert.equal(checkpoints.length, 2);
  assert.equal(checkpoints[0]?.operationId, checkpoints[1]?.operationId);
});

test("a checkpoint that the node refuses leaves the actor RUNNING and reachable", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  const { ateomPodUid } = await plane.resume("x");
  node.before = ({ name }) => {
    if (name === "checkpoint") throw new ConnectError("the disk is full", Code.FailedPrecondition);
  };
  await refused(
    plane.control.suspendActor(x),
    Code.FailedPrecondition,
    /no snapshot of a\/x was taken: the disk is full/,
  );
  const actor = await plane.get("x");
  assert.equal(actor.status, Status.RUNNING);
  assert.equal(actor.ateomPodUid, ateomPodUid);
});

test("a checkpoint that loses the workload takes the actor back to its last snapshot", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  await plane.suspend("x");
  await plane.resume("x");
  const before = await plane.get("x");
  node.before = ({ name }) => {
    if (name !== "checkpoint") return;
    const worker = node.running("x");
    assert.ok(worker);
    node.loseWorkload(worker, "the sandbox died");
    throw new ConnectError("the sandbox died", Code.Internal);
  };
  await refused(plane.control.suspendActor(x), Code.Internal, /the sandbox died/);
  const after = await plane.untilStatus("x", Status.SUSPENDED);
  assert.deepEqual(after.latestSnapshotInfo, before.latestSnapshotInfo);
});

test("boot skips the golden snapshot only", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.control.resumeActor({ ...x, boot: true });
  assert.deepEqual(node.callsOf("x"), ["run"]);
  await plane.suspend("x");
  await plane.control.resumeActor({ ...x, boot: true });
  assert.equal(node.callsOf("x").at(-1), "restore");
});

test("who asks for a boot is not given somebody else's restore", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.untilPhase("counter", "Ready");
  const restoring = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  node.before = async ({ name }) => {
    if (name !== "restore") return;
    restoring.resolve();
    await release.promise;
  };
  const resumed = plane.resume("x");
  await restoring.promise;
  await refused(plane.control.resumeActor({ ...x, boot: true }), Code.Aborted, /resumed without boot/);
  release.resolve();
  assert.equal((await resumed).status, Status.RUNNING);
});

test("scopes are those of the template", async () => {
  const snapshotsConfig = { onPause: "Full", onCommit: "Data" };
  await using tested = await TestPlane.withNode({}, {}, { snapshotsConfig });
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  await plane.pause("x");
  await plane.resume("x");
  await plane.suspend("x");
  await plane.resume("x");
  const scopes = node.calls
    .filter(({ actor, name }) => actor === "x" && name !== "uploadSnapshot")
    .map(({ name, scope }) => `${name} ${scope}`);
  assert.deepEqual(scopes, ["restore 1", "checkpoint 1", "restore 1", "checkpoint 2", "restore 2"]);
});

test("superseded snapshots are deleted after the newer one is stored", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  for (let round = 0; round < 3; round++) {
    await plane.resume("x");
    await plane.suspend("x");
  }
  const deleted = () =>
    node.calls.filter(({ name, actor }) => name === "deleteSnapshot" && actor === "x").length;
  for await (const { change } of plane.watch.watch({ actors: true, atespace: "a" })) {
    if (change.case === "actor" && deleted() === 2 && node.uploaded.size === 2) break;
  }
  const order = node.callsOf("x");
  assert.ok(
    order.indexOf("deleteSnapshot") > order.indexOf("uploadSnapshot", order.indexOf("uploadSnapshot") + 1),
  );
});

test("a node that knows the base contract only stores its snapshots at once", async () => {
  await using tested = await TestPlane.withNode({ baseOnly: true });
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  const suspended = await plane.suspend("x");
  assert.equal(suspended.status, Status.SUSPENDED);
  assert.equal(suspended.latestSnapshotInfo?.data.case, "external");
  await plane.resume("x");
  assert.match(node.calls.at(-1)?.snapshot ?? "", /snap-/);
});
