import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import { FakeRouter } from "../testing/fake-router.ts";
import { refused } from "../testing/refusals.ts";
import { TestPlane } from "../testing/test-plane.ts";

const { Actor_Status: Status } = ateapi;

test("more actors than workers: who is asked for is woken, who is idle longest gives way", async () => {
  await using tested = await TestPlane.withNode({ workers: 2 });
  const { plane, node } = tested;
  await using router = await FakeRouter.start(plane.running.controlAddress);
  const names = ["p", "q", "r", "s"];
  for (const name of names) await plane.createActor(name);
  for (const name of [...names, ...names]) {
    assert.equal((await plane.resume(name)).status, Status.RUNNING);
    await router.until(() => router.binding(`a/${name}`) !== undefined);
    // What a router says after the first request.
    router.activity(`a/${name}`, 0);
  }
  const { workers } = await plane.control.listWorkers({});
  assert.deepEqual(workers.map(({ actorId }) => actorId).sort(), ["r", "s"]);
  assert.equal(node.calls.filter(({ name }) => name === "restore").length, 8);
});

test("an actor with a stream open is not taken, and the queue ends with the caller's deadline", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await using router = await FakeRouter.start(plane.running.controlAddress);
  await plane.createActor("x");
  await plane.createActor("y");
  await plane.resume("x");
  await router.until(() => router.binding("a/x") !== undefined);
  router.activity("a/x", 1);
  const y = { actorRef: { atespace: "a", name: "y" } };
  const call = plane.control.resumeActor(y, { timeoutMs: 2600 });
  await refused(call, Code.FailedPrecondition, /^no free workers available$/);
  assert.equal((await plane.get("y")).version, 1n, "waiting writes nothing");
  assert.equal((await plane.get("x")).status, Status.RUNNING);
  const resumed = plane.resume("y");
  router.activity("a/x", 0);
  assert.equal((await resumed).status, Status.RUNNING);
  await plane.untilStatus("x", Status.SUSPENDED);
});

test("a suspend that fails is not tried at once again, and whoever waits is told why", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await using router = await FakeRouter.start(plane.running.controlAddress);
  for (const name of ["x", "y"]) await plane.createActor(name);
  await plane.resume("x");
  await router.until(() => router.binding("a/x") !== undefined);
  node.before = async ({ name, actor }) => {
    if (name === "checkpoint" && actor === "x")
      throw new ConnectError("the disk is full", Code.FailedPrecondition);
  };
  router.activity("a/x", 0);
  const y = { actorRef: { atespace: "a", name: "y" } };
  const call = plane.control.resumeActor(y, { timeoutMs: 2600 });
  await refused(
    call,
    Code.FailedPrecondition,
    /^no free workers available: an idle actor cannot be suspended: the disk is full$/,
  );
  const tries = node.calls.filter(({ name, actor }) => name === "checkpoint" && actor === "x").length;
  assert.ok(tries <= 4, `${tries} tries`);
  assert.equal((await plane.get("x")).status, Status.RUNNING);
});

test("a resume follows a suspend that the system began", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await using router = await FakeRouter.start(plane.running.controlAddress);
  for (const name of ["x", "y"]) await plane.createActor(name);
  await plane.resume("x");
  await router.until(() => router.binding("a/x") !== undefined);
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  node.before = async ({ name, actor }) => {
    if (name !== "checkpoint" || actor !== "x") return;
    reached.resolve();
    await released.promise;
  };
  router.activity("a/x", 0);
  const y = plane.resume("y");
  await reached.promise;
  const x = plane.resume("x");
  released.resolve();
  await y;
  router.activity("a/y", 0);
  assert.equal((await x).status, Status.RUNNING);
});

test("past the bound of the queue callers are told UNAVAILABLE", async () => {
  await using tested = await TestPlane.withNode({ workers: 0 }, { queueLengthMax: 2 });
  const { plane } = tested;
  for (const name of ["x", "y"]) await plane.createActor(name);
  const hangUp = new AbortController();
  const call = (name: string) =>
    plane.control.resumeActor({ actorRef: { atespace: "a", name }, boot: true }, { signal: hangUp.signal });
  // The template's golden actor waits as well.
  const first = call("x");
  const waiting = Promise.allSettled([first]);
  await refused(call("y"), Code.Unavailable, /too many actors wait/);
  hangUp.abort();
  await waiting;
});

test("suspendAfter suspends an actor without traffic, and traffic puts it off", async () => {
  await using tested = await TestPlane.withNode({}, {}, { lifecycle: { suspendAfter: "300ms" } });
  const { plane } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  await plane.resume("x");
  const suspended = await plane.untilStatus("x", Status.SUSPENDED);
  assert.equal(suspended.latestSnapshotInfo?.data.case, "external");
});
