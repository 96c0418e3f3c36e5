import assert from "node:assert/strict";
import { test } from "node:test";
import { resources } from "@agent-substrate/contract";
import type { JsonObject } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { refused } from "../testing/refusals.ts";
import { pool, present, TestPlane, template } from "../testing/test-plane.ts";

const { ApplyResourceResponse_Outcome: Outcome } = resources;

function config(name: string, spec: JsonObject = {}): JsonObject {
  return { apiVersion: "ate.dev/v1alpha1", kind: "SandboxConfig", metadata: { name }, spec };
}

test("apply creates, then changes nothing, then configures", async () => {
  await using plane = await TestPlane.start();
  assert.equal((await plane.apply(pool("p", 1))).outcome, Outcome.CREATED);
  const unchanged = await plane.apply(pool("p", 1));
  assert.equal(unchanged.outcome, Outcome.UNCHANGED);
  assert.equal(unchanged.resource?.version, 1n);
  const configured = await plane.apply(pool("p", 2));
  assert.equal(configured.outcome, Outcome.CONFIGURED);
  assert.equal(configured.resource?.version, 2n);
});

test("what was shown can be applied again", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await plane.untilPhase("counter", "Ready");
  const { resource } = await plane.resources.getResource({
    kind: "ActorTemplate",
    namespace: "",
    name: "counter",
  });
  assert.equal((await plane.apply(present(resource?.object))).outcome, Outcome.UNCHANGED);
});

test("a template's spec is immutable, by field", async () => {
  await using plane = await TestPlane.start();
  await plane.apply(template("t"));
  const other = template("t", { selfService: true });
  await refused(plane.apply(other), Code.FailedPrecondition, /^spec\.selfService: cannot be changed/);
  const [container] = (template("t").spec as { containers: JsonObject[] }).containers;
  const image = `local/other@sha256:${"1".repeat(64)}`;
  const changed = template("t", { containers: [{ ...container, image }] });
  await refused(
    plane.apply(changed),
    Code.FailedPrecondition,
    /^spec\.containers\[0\]\.image: cannot be changed/,
  );
});

test("malformed resources are refused by field", async () => {
  await using plane = await TestPlane.start();
  await refused(plane.apply({ kind: "Pod" }), Code.InvalidArgument, /kind/);
  await refused(plane.apply(pool("p", -1)), Code.InvalidArgument, /spec\.replicas/);
  await refused(
    plane.apply(template("t", { sandboxClass: "Bad_Class" })),
    Code.InvalidArgument,
    /should match/,
  );
});

test("one default a class, and one class for a pool and its config", async () => {
  await using plane = await TestPlane.start();
  await plane.apply(config("one", { default: true }));
  await refused(
    plane.apply(config("two", { default: true })),
    Code.InvalidArgument,
    /one is the default of class gvisor/,
  );
  await plane.apply(config("two", { default: true, sandboxClass: "foobar" }));
  const mixed = { ...pool("p"), spec: { replicas: 1, sandboxConfigName: "two" } };
  await refused(plane.apply(mixed), Code.InvalidArgument, /should be of one class/);
});

test("a secret is used and never shown", async () => {
  const secretKeyRef = { name: "key", key: "api" };
  const container = {
    name: "main",
    image: `local/counter@sha256:${"0".repeat(64)}`,
    env: [{ name: "API_KEY", valueFrom: { secretKeyRef } }],
  };
  await using tested = await TestPlane.withNode({}, {}, { containers: [container] });
  const { plane, node } = tested;
  await plane.createActor("x");
  const x = { actorRef: { atespace: "a", name: "x" }, boot: true };
  await refused(
    plane.control.resumeActor(x),
    Code.FailedPrecondition,
    /no secret default\/key, which API_KEY needs/,
  );
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "key" },
    stringData: { api: "s3cr3t" },
  };
  const { resource } = await plane.apply(secret);
  const shown = await plane.resources.listResources({ kind: "Secret" });
  for (const object of [resource?.object, shown.resources[0]?.object]) {
    assert.deepEqual((object as JsonObject).data, { api: "" });
    assert.ok(!JSON.stringify(object).includes("s3cr3t"));
  }
  await plane.control.resumeActor(x);
  assert.deepEqual(node.env.get("x"), [["API_KEY", "s3cr3t"]]);
});

test("a template with actors stays, one without goes with its golden actor", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await plane.untilPhase("counter", "Ready");
  await plane.createActor("x");
  const name = { kind: "ActorTemplate", namespace: "default", name: "counter" };
  await refused(
    plane.resources.deleteResource(name),
    Code.FailedPrecondition,
    /one actor is made from template/,
  );
  await plane.control.deleteActor({ actorRef: { atespace: "a", name: "x" } });
  const watch = plane.watch.watch({ actors: true, atespace: "ate-golden" });
  await plane.resources.deleteResource(name);
  await refused(plane.resources.deleteResource(name), Code.NotFound);
  for await (const { change } of watch) if (change.case === "actorDeleted") break;
});

test("a template whose image is unknown is Failed with the reason, and made when it is applied again", {
  timeout: 60_000,
}, async () => {
  await using tested = await TestPlane.withNode();
  const { plane, node } = tested;
  await plane.untilPhase("counter", "Ready");
  node.before = ({ name }) => {
    if (name === "run") throw new ConnectError("image local/later is unknown", Code.FailedPrecondition);
  };
  await plane.apply(template("later"));
  await plane.control.createActor({
    actorRef: { atespace: "a", name: "x" },
    actorTemplateNamespace: "default",
    actorTemplateName: "later",
  });
  const failed = await plane.untilPhase("later", "Failed");
  assert.match(JSON.stringify(failed.status), /image local\/later is unknown/);
  const resume = plane.control.resumeActor({ actorRef: { atespace: "a", name: "x" } });
  await refused(
    resume,
    Code.FailedPrecondition,
    /template default\/later is not ready:.*unknown; apply it again to try anew/,
  );
  node.before = () => undefined;
  await plane.apply(template("later"));
  await plane.untilPhase("later", "Ready");
  await plane.resume("x");
});

test("a template waits for a pool, and says so", async () => {
  await using plane = await TestPlane.start();
  await plane.addNode();
  await plane.apply(template("t"));
  const waiting = await plane.untilPhase("t", "ResumeGoldenActor");
  assert.match(JSON.stringify(waiting.status), /no eligible pool|waits for a free worker/);
  await plane.apply(pool());
  await plane.untilPhase("t", "Ready");
});

test("nodes are told what to run: replicas spread, settings of the config with them", async () => {
  await using plane = await TestPlane.start();
  const [first, second] = [await plane.addNode({ name: "n1" }), await plane.addNode({ name: "n2" })];
  const assets = { amd64: { runsc: { url: "file:///runsc", sha256: "a".repeat(64) } } };
  await plane.apply(
    config("c", { default: true, assets, localCommand: ["/bin/ateom"], workersPerProcess: 16 }),
  );
  const spec = {
    replicas: 3,
    template: { egress: "Deny", resources: { limits: { memory: "512Mi", cpu: "500m" } } },
  };
  await plane.apply({ ...pool("p"), spec });
  await Promise.all([first, second].map((node) => node.untilDesired(({ pools }) => pools.length > 0)));
  const told = [first, second].map((node) => node.desired?.pools[0]);
  assert.deepEqual(
    told.map((workers) => workers?.replicas),
    [2, 1],
  );
  assert.deepEqual(told[0]?.localCommand, ["/bin/ateom"]);
  assert.equal(told[0]?.workersPerProcess, 16);
  assert.equal(told[0]?.limits?.memoryBytes, 536870912n);
  assert.equal(told[0]?.limits?.cpuMillis, 500n);
  assert.equal(told[0]?.assets?.assets.amd64?.files.runsc?.url, "file:///runsc");
  await second.disconnect();
  await first.untilDesired(({ pools }) => pools[0]?.replicas === 3);
});
