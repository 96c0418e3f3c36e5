import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ateapi } from "@agent-substrate/contract";
import { createLogger } from "@agent-substrate/process-kit";
import { Code } from "@connectrpc/connect";
import { status } from "@grpc/grpc-js";
import { BaseNode } from "../../testing/base-node.ts";
import { startWithBaseNode, untilEvent } from "../../testing/base-plane.ts";
import { refused } from "../../testing/refusals.ts";
import { WorkerDirectory } from "../../workers/worker-directory.ts";
import { NodeDirectory } from "../node-directory.ts";
import { parseStaticNodes } from "./parse-static-nodes.ts";
import { StaticNodes } from "./static-nodes.ts";

const { Actor_Status: Status } = ateapi;
test("a node that knows gRPC and the three base calls alone runs, stores and wakes actors", async () => {
  await using tested = await startWithBaseNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  const running = await plane.resume("x");
  assert.match(running.ateomPodIp, /^10\.9\.0\.[12]$/);
  const suspended = await plane.suspend("x");
  assert.equal(suspended.status, Status.SUSPENDED);
  assert.equal(suspended.latestSnapshotInfo?.data.case, "external");
  await plane.resume("x");
  const paused = await plane.pause("x");
  assert.equal(paused.latestSnapshotInfo?.data.case, "local");
  await refused(
    plane.control.suspendActor({ actorRef: { atespace: "a", name: "x" } }),
    Code.FailedPrecondition,
    /base calls alone/,
  );
  assert.equal((await plane.resume("x")).status, Status.RUNNING);
  assert.deepEqual(node.calls, ["restore x", "checkpoint x", "restore x", "checkpoint x", "restore x"]);
});

test("a start that the node refused leaves its worker free; one without an answer, in doubt until asked", async () => {
  await using tested = await startWithBaseNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  node.refuse = (name) => (name === "restore" ? status.INTERNAL : undefined);
  await refused(plane.control.resumeActor({ actorRef: { atespace: "a", name: "x" } }), Code.Internal);
  assert.deepEqual(node.calls, ["restore x"]);

  node.refuse = () => undefined;
  node.loseReply = (name) => name === "restore";
  await refused(
    plane.control.resumeActor({ actorRef: { atespace: "a", name: "x" } }),
    Code.FailedPrecondition,
    /is executing x/,
  );
  node.loseReply = () => false;
  assert.equal((await plane.resume("x")).status, Status.RUNNING);
});

test("an actor whose checkpoint failed goes back, and its worker is used again once it is known to be blank", async () => {
  await using tested = await startWithBaseNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  node.refuse = (name) => (name === "checkpoint" ? status.INTERNAL : undefined);
  await refused(plane.control.suspendActor({ actorRef: { atespace: "a", name: "x" } }), Code.Internal);
  const unknown = await untilEvent(plane, "WorkerUnknown");
  assert.match(unknown.message, /worker base-\d, which had a\/x, is given to nobody/);
  assert.ok([...node.workers.values()].includes("x"), "it still runs where it was");

  node.refuse = () => undefined;
  await plane.untilStatus("x", Status.SUSPENDED);
  for (const name of ["y", "z"]) await plane.createActor(name);
  const both = await Promise.all([plane.resume("y"), plane.resume("z")]);
  assert.deepEqual(
    both.map(({ status }) => status),
    [Status.RUNNING, Status.RUNNING],
  );
  assert.deepEqual([...node.workers.values()].sort(), ["y", "z"]);
});

test("a checkpoint whose reply was lost loses nothing: the actor goes on from it", async () => {
  await using tested = await startWithBaseNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  let lost = 0;
  node.loseReply = (name) => name === "checkpoint" && lost++ === 0;
  node.calls.length = 0;
  await refused(
    plane.control.suspendActor({ actorRef: { atespace: "a", name: "x" } }),
    Code.FailedPrecondition,
    /does not execute it/,
  );
  assert.equal((await plane.get("x")).status, Status.RUNNING);
  assert.deepEqual(node.calls, ["checkpoint x", "checkpoint x", "restore x"]);
  assert.equal((await plane.suspend("x")).status, Status.SUSPENDED);
});

for (const code of [status.INVALID_ARGUMENT, status.FAILED_PRECONDITION])
  test(`a checkpoint that the node refuses with ${status[code]} leaves the actor running`, async () => {
    await using tested = await startWithBaseNode();
    const { plane, node } = tested;
    await plane.createActor("x");
    await plane.resume("x");
    node.refuse = (name) => (name === "checkpoint" ? code : undefined);
    await refused(
      plane.control.suspendActor({ actorRef: { atespace: "a", name: "x" } }),
      Code.FailedPrecondition,
    );
    assert.equal((await plane.get("x")).status, Status.RUNNING);
  });

test("an actor that has ended on its own goes back when its checkpoint finds out", async () => {
  await using tested = await startWithBaseNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  for (const uid of node.workers.keys()) node.workers.set(uid, "");
  await refused(
    plane.control.suspendActor({ actorRef: { atespace: "a", name: "x" } }),
    Code.FailedPrecondition,
    /does not execute it/,
  );
  await plane.untilStatus("x", Status.SUSPENDED);
  assert.equal((await plane.resume("x")).status, Status.RUNNING);
});

test("a node that is silent for its lease is lost; back again, it is cleared of what it ran", async () => {
  await using tested = await startWithBaseNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  node.stop();
  await plane.untilStatus("x", Status.SUSPENDED);
  assert.deepEqual((await plane.control.listWorkers({})).workers, []);
  await node.serve();
  for (const name of ["y", "z"]) await plane.createActor(name);
  const resumed = async (name: string): Promise<void> => {
    // Until the node is known to be back, no worker is there to wait for.
    for await (const { change } of plane.watch.watch({ workers: true })) {
      if (change.case === "worker") break;
    }
    await plane.resume(name);
  };
  await Promise.all([resumed("y"), resumed("z")]);
  assert.deepEqual([...node.workers.values()].sort(), ["y", "z"]);
  assert.ok(node.calls.includes("checkpoint x"));
});

/** Resolves when a listed node is connected for the `nth` time; the listener throws each time before. */
async function untilConnected(node: BaseNode, nth: number): Promise<void> {
  const directory = new NodeDirectory({ heartbeatIntervalMs: 10, leaseMs: 5000, marginMs: 0 });
  const log = createLogger("ateapi", "silent");
  const listed = new StaticNodes(directory, new WorkerDirectory(), log);
  const connected = Promise.withResolvers<void>();
  let times = 0;
  directory.onChange({
    connected() {
      if (++times < nth) throw new Error("as the test wants");
      connected.resolve();
    },
  });
  listed.start(parseStaticNodes(node.listing, "nodes.yaml"));
  try {
    await connected.promise;
  } finally {
    listed.stop();
    directory.close();
  }
}

test("a node whose registration failed once is registered again", { timeout: 10_000 }, async () => {
  await using node = await BaseNode.start();
  await untilConnected(node, 2);
});

test("a node that fails to tell its health lives", { timeout: 10_000 }, async () => {
  await using node = await BaseNode.start();
  for (const code of [status.INTERNAL, status.UNKNOWN, status.RESOURCE_EXHAUSTED, status.ABORTED]) {
    node.health = code;
    await untilConnected(node, 1);
  }
});

test("what is wrong in the file is told with its line and field", () => {
  const twins = ["u", "v"]
    .map((uid) => `  - {uid: ${uid}, pool: {name: p}, name: w, sandboxClass: c, address: 1.2.3.4}`)
    .join("\n");
  const wrong: [string, RegExp][] = [
    ["nodes: {}", /^n\.yaml:1: nodes: should be a list/],
    ["nodes:\n- name: A\n  address: a:1", /^n\.yaml:2: nodes\[0\]\.name: "A" is no DNS subdomain/],
    ["nodes:\n- name: a\n  address: 'a'", /^n\.yaml:3: nodes\[0\]\.address: should be host:port/],
    ["nodes:\n- name: a\n  address: a:1\n  workers: []", /^n\.yaml:4: nodes\[0\]\.workers: should have 1 to/],
    [
      "nodes:\n- name: a\n  address: a:1\n  workers:\n  - uid: u\n    pool: {name: p}\n    sandboxClass: c\n    address: 1.2.3",
      /^n\.yaml:8: nodes\[0\]\.workers\[0\]\.address: "1\.2\.3" should be an IPv4 address/,
    ],
    [
      `nodes:\n- name: a\n  address: a:1\n  workers:\n${twins}`,
      /^n\.yaml:6: nodes\[0\]\.workers\[1\]\.name: "w" is there twice/,
    ],
    ["nodes:\n- name: a\n  port: 1", /^n\.yaml:2: nodes\[0\]\.address: is required/],
    ["nodes: [", /^n\.yaml:\d+: /],
    ["other: 1\nnodes: []", /^n\.yaml:2: nodes: should have/],
  ];
  for (const [text, message] of wrong) assert.throws(() => parseStaticNodes(text, "n.yaml"), { message });
});

test("the example of the documentation is read as it stands", async () => {
  const page = await readFile(
    new URL("../../../../../docs/reference/static-nodes.md", import.meta.url),
    "utf8",
  );
  const [, example = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const [node] = parseStaticNodes(example, "static-nodes.md");
  assert.deepEqual([node?.name, node?.address, node?.workers.length], ["rack-1", "10.0.0.7:8085", 1]);
});
