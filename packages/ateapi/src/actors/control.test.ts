import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi, elapsedTrailer } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import { refused } from "../testing/refusals.ts";
import { pool, TestPlane, template } from "../testing/test-plane.ts";

const { Actor_Status: Status } = ateapi;
const counter = { actorTemplateNamespace: "default", actorTemplateName: "counter" };

test("atespaces: created once, listed, removed only when empty, golden ones reserved", async () => {
  await using tested = await TestPlane.withNode();
  const { control } = tested.plane;
  await refused(control.createAtespace({ name: "a" }), Code.AlreadyExists);
  await refused(control.createAtespace({ name: "A_b" }), Code.InvalidArgument, /should match/);
  await refused(control.createAtespace({ name: "ate-golden" }), Code.InvalidArgument, /reserved/);
  await refused(control.getAtespace({ name: "b" }), Code.NotFound);
  await control.createAtespace({ name: "b" });
  const { atespaces } = await control.listAtespaces({});
  assert.deepEqual(
    atespaces.map(({ name }) => name),
    ["a", "b"],
  );
  await tested.plane.createActor("x");
  await refused(control.deleteAtespace({ name: "a" }), Code.FailedPrecondition, /still has actors/);
  await control.deleteAtespace({ name: "b" });
  await refused(control.deleteAtespace({ name: "b" }), Code.NotFound);
});

test("create: what is missing or wrong is told by code and name", async () => {
  await using tested = await TestPlane.withNode();
  const { control } = tested.plane;
  const create = (more: object) =>
    control.createActor({ actorRef: { atespace: "a", name: "x" }, ...counter, ...more });
  await refused(create({ actorRef: { atespace: "b", name: "x" } }), Code.FailedPrecondition, /no atespace b/);
  await refused(create({ actorTemplateName: "none" }), Code.FailedPrecondition, /no template default\/none/);
  await refused(
    create({ workerSelector: { matchLabels: { zone: "z" } } }),
    Code.FailedPrecondition,
    /no eligible pool/,
  );
  await refused(create({ actorRef: { atespace: "a", name: "X" } }), Code.InvalidArgument, /actor_ref.name/);
  await refused(create({ actorRef: undefined }), Code.InvalidArgument, /actor_ref/);
  await refused(
    create({ actorRef: { atespace: "ate-golden", name: "x" } }),
    Code.InvalidArgument,
    /reserved/,
  );
  await refused(create({ workerSelector: { matchLabels: { "-": "z" } } }), Code.InvalidArgument);
  const { actor } = await create({});
  assert.equal(actor?.status, Status.SUSPENDED);
  assert.equal(actor.version, 1n);
  await refused(create({}), Code.AlreadyExists);
});

test("unknown actors are NOT_FOUND for every call", async () => {
  await using tested = await TestPlane.withNode();
  const { control } = tested.plane;
  const request = { actorRef: { atespace: "a", name: "none" } };
  for (const call of [
    "getActor",
    "updateActor",
    "suspendActor",
    "pauseActor",
    "resumeActor",
    "deleteActor",
  ] as const) {
    await refused(control[call](request), Code.NotFound, /no actor a\/none/);
  }
});

test("the status decides what is allowed", async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  const request = { actorRef: { atespace: "a", name: "x" } };
  assert.equal((await plane.suspend("x")).version, 1n);
  await refused(plane.control.pauseActor(request), Code.FailedPrecondition, /SUSPENDED/);
  const running = await plane.resume("x");
  assert.equal((await plane.resume("x")).version, running.version);
  await refused(plane.control.deleteActor(request), Code.FailedPrecondition, /RUNNING/);
  const paused = await plane.pause("x");
  assert.equal(paused.status, Status.PAUSED);
  assert.equal(paused.latestSnapshotInfo?.data.case, "local");
  assert.equal((await plane.pause("x")).version, paused.version);
  await refused(plane.control.deleteActor(request), Code.FailedPrecondition, /PAUSED/);
  const suspended = await plane.suspend("x");
  assert.equal(suspended.status, Status.SUSPENDED);
  assert.equal(suspended.latestSnapshotInfo?.data.case, "external");
  assert.deepEqual(node.callsOf("x"), ["restore", "checkpoint", "uploadSnapshot"]);
  await plane.control.deleteActor(request);
  await refused(plane.control.getActor(request), Code.NotFound);
  assert.equal(node.calls.at(-1)?.name, "deleteSnapshot");
  assert.equal(node.uploaded.size, 1, "the golden snapshot alone is left");
});

test("update changes the selector, and only to one that a pool fulfils", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await plane.createActor("x");
  await plane.apply(pool("zoned", 1, { zone: "z" }));
  const update = (zone: string) =>
    plane.control.updateActor({
      actorRef: { atespace: "a", name: "x" },
      workerSelector: { matchLabels: { zone } },
    });
  await refused(update("none"), Code.FailedPrecondition, /no eligible pool/);
  const { actor } = await update("z");
  assert.equal(actor?.version, 2n);
  assert.deepEqual(actor.workerSelector?.matchLabels, { zone: "z" });
  // The only worker is of the pool without the label.
  await refused(
    plane.control.resumeActor({ actorRef: { atespace: "a", name: "x" } }, { timeoutMs: 400 }),
    Code.FailedPrecondition,
    /^no free workers available$/,
  );
});

test("lists in stable pages", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  const { control } = plane;
  await control.createAtespace({ name: "b" });
  for (const name of ["n3", "n1", "n2"]) await plane.createActor(name);
  await plane.createActor("m", "b");
  await refused(control.listActors({ pageSize: -1 }), Code.InvalidArgument, /page_size/);
  await refused(control.listActors({ pageSize: 1001 }), Code.InvalidArgument, /page_size/);
  await refused(control.listActors({ pageToken: "%%" }), Code.InvalidArgument, /page_token/);
  const first = await control.listActors({ pageSize: 2, atespace: "a" });
  assert.deepEqual(
    first.actors.map(({ actorId }) => actorId),
    ["n1", "n2"],
  );
  // What comes before the page that is asked for next neither shifts nor repeats it.
  await plane.createActor("n0");
  const second = await control.listActors({ pageSize: 2, atespace: "a", pageToken: first.nextPageToken });
  assert.deepEqual(
    second.actors.map(({ actorId }) => actorId),
    ["n3"],
  );
  assert.equal(second.nextPageToken, "");
  const all = await control.listActors({});
  const names = all.actors
    .filter(({ atespace }) => atespace !== "ate-golden")
    .map((actor) => `${actor.atespace}/${actor.actorId}`);
  assert.deepEqual(names, ["a/n0", "a/n1", "a/n2", "a/n3", "b/m"]);
});

test("workers are listed with the actor that they run", async () => {
  await using tested = await TestPlane.withNode({ workers: 2 });
  const { plane, node } = tested;
  await plane.createActor("x");
  const running = await plane.resume("x");
  const { workers } = await plane.control.listWorkers({});
  assert.deepEqual(
    workers.map(({ workerPod }) => workerPod),
    ["pool-0", "pool-1"],
  );
  const assigned = workers.filter(({ actorId }) => actorId !== "");
  assert.deepEqual(
    assigned.map(({ workerPodUid }) => workerPodUid),
    [running.ateomPodUid],
  );
  assert.equal(assigned[0]?.actorAtespace, "a");
  assert.equal(assigned[0]?.nodeName, node.name);
});

test("golden actors belong to their template", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await plane.untilPhase("counter", "Ready");
  const { actors } = await plane.control.listActors({ atespace: "ate-golden" });
  const actorRef = { atespace: "ate-golden", name: actors[0]?.actorId ?? "" };
  for (const call of ["suspendActor", "pauseActor", "resumeActor", "deleteActor"] as const) {
    await refused(plane.control[call]({ actorRef }), Code.FailedPrecondition, /belongs to its template/);
  }
});

test("DebugClear is refused unless it is enabled", async () => {
  await using tested = await TestPlane.withNode({}, { debugClear: true });
  const { plane } = tested;
  await plane.createActor("x");
  await plane.createActor("y");
  await plane.resume("x");
  await plane.control.debugClear({});
  assert.deepEqual((await plane.control.listActors({ atespace: "a" })).actors, []);
  assert.deepEqual((await plane.control.listAtespaces({})).atespaces, []);
  await using other = await TestPlane.start();
  await refused(other.control.debugClear({}), Code.PermissionDenied);
});

test("unary replies say how long they took", async () => {
  await using plane = await TestPlane.start();
  let elapsed = "";
  await plane.control.listWorkers(
    {},
    { onTrailer: (trailers) => (elapsed = trailers.get(elapsedTrailer) ?? "") },
  );
  assert.match(elapsed, /^\d+$/);
});

test("a template of a class without workers is refused at once", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await plane.apply(template("foreign", { sandboxClass: "foobar" }));
  const create = plane.control.createActor({
    actorRef: { atespace: "a", name: "x" },
    actorTemplateNamespace: "default",
    actorTemplateName: "foreign",
  });
  await refused(create, Code.FailedPrecondition, /no eligible pool: no WorkerPool of class foobar/);
});
