// Somebody's own node supervisor that registers: on TCP, and one that knows gRPC and the base calls alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi, nodes } from "@agent-substrate/contract";
import { rpcTransport } from "@agent-substrate/rpc-kit";
import { Code, createClient } from "@connectrpc/connect";
import { BaseNode } from "../testing/base-node.ts";
import { FakeNodeLink } from "../testing/fake-node-link.ts";
import { refused } from "../testing/refusals.ts";
import { pool, TestPlane, template } from "../testing/test-plane.ts";
import { parseStaticNodes } from "./static/parse-static-nodes.ts";

const { Actor_Status: Status } = ateapi;

test("a node that answers on TCP is called there", async () => {
  await using tested = await TestPlane.withNode({ tcp: true });
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  assert.equal((await plane.suspend("x")).status, Status.SUSPENDED);
  assert.deepEqual(node.callsOf("x").slice(0, 3), ["restore", "checkpoint", "uploadSnapshot"]);
});

test("a node that registers may know gRPC and the base calls alone", async () => {
  await using plane = await TestPlane.start();
  await using node = await BaseNode.start();
  const link = new FakeNodeLink({
    control: plane.running.controlAddress,
    name: "stranger",
    herderAddress: node.address,
    onDesired: () => undefined,
  });
  const [uid = ""] = node.workers.keys();
  const worker = {
    uid,
    poolNamespace: "default",
    poolName: "pool",
    podName: "pool-0",
    sandboxClass: "gvisor",
    address: "10.9.0.1",
    state: nodes.NodeWorker_State.AVAILABLE,
    bootId: "boot",
  };
  try {
    link.send({ case: "inventory", value: { workers: [worker] } });
    await link.welcomed;
    await plane.apply(pool());
    await plane.apply(template());
    await plane.control.createAtespace({ name: "a" });
    await plane.createActor("x");
    await plane.resume("x");
    assert.equal((await plane.suspend("x")).latestSnapshotInfo?.data.case, "external");
    assert.deepEqual(node.calls.slice(-2), ["restore x", "checkpoint x"]);
  } finally {
    await link.close();
  }
});

test("nobody registers under the name of a node that is listed", async () => {
  await using node = await BaseNode.start();
  await using plane = await TestPlane.start({ staticNodes: parseStaticNodes(node.listing, "nodes.yaml") });
  const transport = rpcTransport(plane.running.controlAddress);
  const client = createClient(nodes.Nodes, transport);
  const hello = { nodeName: "base", herderAddress: "127.0.0.1:1" };
  async function* say() {
    yield { message: { case: "hello" as const, value: hello } };
  }
  try {
    const answers = client.connect(say())[Symbol.asyncIterator]();
    await refused(answers.next(), Code.AlreadyExists, /base is listed/);
  } finally {
    transport.close();
  }
});
