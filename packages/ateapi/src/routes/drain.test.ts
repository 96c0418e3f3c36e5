import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi, routes } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import { FakeRouter } from "../testing/fake-router.ts";
import { refused } from "../testing/refusals.ts";
import { TestPlane } from "../testing/test-plane.ts";

const { Actor_Status: Status } = ateapi;
const { Binding_State: State } = routes;

async function withRouter(spec = {}) {
  const tested = await TestPlane.withNode({ workers: 2 }, {}, spec);
  const router = await FakeRouter.start(tested.plane.running.controlAddress);
  return {
    ...tested,
    router,
    async [Symbol.asyncDispose]() {
      await router[Symbol.asyncDispose]();
      await tested[Symbol.asyncDispose]();
    },
  };
}

test("a binding is published when the actor is RUNNING, and removed when its worker is free", async () => {
  await using tested = await withRouter({ ports: [{ name: "metrics", port: 9090 }] });
  const { plane, router, node } = tested;
  await plane.createActor("x");
  const actor = await plane.resume("x");
  await router.until(() => router.binding("a/x") !== undefined);
  const binding = router.binding("a/x");
  assert.equal(binding?.state, State.ADMITTING);
  assert.equal(binding.address, actor.ateomPodIp);
  const restored = node.calls.find(({ name, actor }) => name === "restore" && actor === "x");
  assert.equal(binding.generation, restored?.generation);
  assert.deepEqual(binding.ports, [9090]);
  await plane.suspend("x");
  await router.until(() => router.binding("a/x") === undefined);
  const states = router.updates.flatMap(({ update }) =>
    update.case === "binding" ? [update.value.state] : [],
  );
  assert.deepEqual(states, [State.ADMITTING, State.DRAINING]);
  assert.equal(node.callsOf("x").includes("checkpoint"), true);
});

test("golden actors are published to nobody", async () => {
  await using tested = await withRouter();
  await tested.plane.untilPhase("counter", "Ready");
  await tested.plane.createActor("x");
  await tested.plane.resume("x");
  await tested.router.until(() => tested.router.binding("a/x") !== undefined);
  const names = tested.router.updates.flatMap(({ update }) =>
    update.case === "binding" ? [update.value.atespace] : [],
  );
  assert.deepEqual(names, ["a"]);
});

test("no checkpoint begins before every router acknowledged (L14)", async () => {
  await using tested = await withRouter();
  const { plane, router, node } = tested;
  await using second = await FakeRouter.start(plane.running.controlAddress, "router-2");
  await plane.createActor("x");
  await plane.resume("x");
  router.acknowledges = false;
  const suspend = plane.suspend("x");
  await router.until(() => router.binding("a/x")?.state === State.DRAINING);
  await second.until(() => second.binding("a/x")?.state === State.DRAINING);
  assert.equal((await plane.get("x")).status, Status.SUSPENDING);
  assert.ok(!node.callsOf("x").includes("checkpoint"));
  router.drained("a/x");
  assert.equal((await suspend).status, Status.SUSPENDED);
});

test("a router that is silent is waited for until its lease has ended", async () => {
  await using tested = await withRouter({ lifecycle: { drainSeconds: 3600 } });
  const { plane, router, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  router.acknowledges = false;
  router.renews = false;
  const silentSince = performance.now();
  await plane.suspend("x");
  // Its last heartbeat came at most one interval before it fell silent.
  assert.ok(performance.now() - silentSince > 200);
  assert.ok(node.callsOf("x").includes("checkpoint"));
});

test("a router that renews its lease and never acknowledges is cut off", async () => {
  await using tested = await withRouter({ lifecycle: { drainSeconds: 0 } });
  const { plane, router } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  router.acknowledges = false;
  assert.equal((await plane.suspend("x")).status, Status.SUSPENDED);
});

test("a router that connects meanwhile learns of the drain from its snapshot", async () => {
  await using tested = await withRouter();
  const { plane, router } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  router.acknowledges = false;
  const suspend = plane.suspend("x");
  await router.until(() => router.binding("a/x")?.state === State.DRAINING);
  await using late = await FakeRouter.start(plane.running.controlAddress, "router-2");
  assert.equal(late.binding("a/x")?.state, State.DRAINING);
  router.drained("a/x");
  await suspend;
});

test("a lost workload is drained at once, before its worker is anybody else's", async () => {
  await using tested = await withRouter({ lifecycle: { drainSeconds: 3600 } });
  const { plane, router, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  await router.until(() => router.binding("a/x") !== undefined);
  router.acknowledges = false;
  const worker = node.running("x");
  assert.ok(worker);
  node.loseWorkload(worker);
  await router.until(() => router.binding("a/x")?.state === State.DRAINING);
  assert.equal(router.binding("a/x")?.drainMs, 0);
  assert.equal((await plane.get("x")).ateomPodUid, worker.uid);
  router.drained("a/x");
  await plane.untilStatus("x", Status.SUSPENDED);
});

test("a router that ends its stream in order is not waited for", async () => {
  await using tested = await withRouter({ lifecycle: { drainSeconds: 3600 } });
  const { plane, router } = tested;
  await using other = await FakeRouter.start(plane.running.controlAddress, "router-2");
  await plane.createActor("x");
  await plane.resume("x");
  router.acknowledges = false;
  const suspend = plane.suspend("x");
  await router.until(() => router.binding("a/x")?.state === State.DRAINING);
  await other.until(() => other.binding("a/x")?.state === State.DRAINING);
  await router.leave();
  await suspend;
});

test("a drain that was called off has to be acknowledged anew", async () => {
  await using tested = await withRouter({ lifecycle: { drainSeconds: 3600 } });
  const { plane, router, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  node.before = ({ name }) => {
    if (name === "checkpoint") throw new ConnectError("the disk is full", Code.FailedPrecondition);
  };
  await refused(plane.suspend("x"), Code.FailedPrecondition);
  await router.until(() => router.binding("a/x")?.state === State.ADMITTING);
  node.before = () => undefined;
  node.calls.length = 0;
  router.acknowledges = false;
  const suspend = plane.suspend("x");
  await router.until(() => router.binding("a/x")?.state === State.DRAINING);
  await plane.get("x");
  assert.deepEqual(node.callsOf("x"), []);
  router.drained("a/x");
  await suspend;
});

/** Of the test plane. */
const routerLeaseMs = 300;

test("after a restart a binding from before is held for one lease, since a router may still use it", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  // The new plane counts the lease from its own start, which is later.
  const start = performance.now();
  await plane.restart();
  await node.connect();
  await plane.suspend("x");
  assert.ok(
    performance.now() - start >= routerLeaseMs,
    "the lease of a router that may be there was not waited for",
  );
});
