// Workers of a node that knows the base calls alone, which cannot be told to end a workload.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi, atelet, nodes as nodesApi } from "@agent-substrate/contract";
import { createLogger } from "@agent-substrate/process-kit";
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { status } from "@grpc/grpc-js";
import { NodeDirectory } from "../nodes/node-directory.ts";
import { NodeSession } from "../nodes/node-session.ts";
import { BaseNode } from "../testing/base-node.ts";
import { startWithBaseNode, untilEvent } from "../testing/base-plane.ts";
import { refused } from "../testing/refusals.ts";
import { DoubtedWorkers, doubtsMax, type LastCheckpoint } from "./doubted-workers.ts";
import { WorkerDirectory } from "./worker-directory.ts";

const { Actor_Status: Status } = ateapi;
const x = { actorRef: { atespace: "a", name: "x" } };

test("an actor goes on although its node does not answer at first whether the worker executes", async () => {
  await using tested = await startWithBaseNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  let questions = 0;
  node.refuse = (name) => {
    if (name === "checkpoint") return status.FAILED_PRECONDITION;
    return name === "restore" && questions++ < 2 ? status.UNAVAILABLE : undefined;
  };
  await refused(plane.control.suspendActor(x), Code.FailedPrecondition);
  assert.equal((await plane.get("x")).status, Status.RUNNING);
  assert.equal(questions, 3);
});

test("a worker in doubt stays so while its node does not answer whether it executes", async () => {
  await using tested = await startWithBaseNode();
  const { plane, node } = tested;
  await plane.createActor("x");
  await plane.resume("x");
  let checkpoints = 0;
  node.refuse = (name) => {
    if (name !== "checkpoint") return status.UNAVAILABLE;
    return checkpoints++ === 0 ? status.INTERNAL : status.FAILED_PRECONDITION;
  };
  await refused(plane.control.suspendActor(x), Code.Internal);
  assert.match((await untilEvent(plane, "WorkerUnknown")).message, /which had a\/x, is given to nobody/);
  node.refuse = () => undefined;
  await plane.untilStatus("x", Status.SUSPENDED);
  assert.deepEqual([...node.workers.values()], ["", ""]);
});

test("a worker that executes what nobody knows of is given to nobody, and the actor gets another", async () => {
  await using tested = await startWithBaseNode();
  const { plane, node } = tested;
  let taken = "";
  node.refuse = (name, _actor, worker) => {
    if (name !== "restore" || taken !== "") return undefined;
    taken = worker;
    node.workers.set(worker, "forgotten");
    return undefined;
  };
  await plane.createActor("x");
  assert.equal((await plane.resume("x")).status, Status.RUNNING);
  assert.equal(node.workers.get(taken), "forgotten");
  assert.match((await untilEvent(plane, "WorkerUnknown")).message, /is executing forgotten|does not execute/);

  await plane.createActor("y");
  const waiting = plane.resume("y");
  node.workers.set(taken, "");
  assert.equal((await waiting).status, Status.RUNNING);
  assert.equal(
    node.calls.filter((call) => call === "restore y").length,
    1,
    "nobody was given the worker while it was in doubt",
  );
});

/** Doubts about the workers of one node, which is connected. */
async function openDoubts() {
  const node = await BaseNode.start();
  const nodes = new NodeDirectory();
  const workers = new WorkerDirectory();
  const doubted = new DoubtedWorkers(nodes, workers, () => undefined, createLogger("ateapi", "silent"));
  const session = newSession("base", node);
  const tellWorkers = (...uids: string[]) =>
    workers.replaceNode(
      "base",
      uids.map((uid) => create(nodesApi.NodeWorkerSchema, { uid, address: "10.9.0.1" })),
    );
  nodes.register(session);
  tellWorkers("base-0");
  nodes.reported(session);
  return {
    node,
    nodes,
    workers,
    doubted,
    tellWorkers,
    async [Symbol.asyncDispose]() {
      doubted.stop();
      nodes.close();
      await node[Symbol.asyncDispose]();
    },
  };
}

function newSession(nodeName: string, { address }: BaseNode): NodeSession {
  return new NodeSession(create(nodesApi.NodeHelloSchema, { nodeName, herderAddress: address }));
}

function lastOf(actorId: string, workerUid = "base-0", node = "base"): LastCheckpoint {
  const request = create(atelet.CheckpointRequestSchema, { targetAteomUid: workerUid, actorId });
  const assignment = {
    workerUid,
    node,
    poolNamespace: "default",
    poolName: "pool",
    podName: "base-0",
    address: "10.9.0.1",
    bootId: "",
    hardwareKey: "",
  };
  const actor = {
    uid: actorId,
    atespace: "a",
    actorId,
    version: 1,
    templateNamespace: "default",
    templateName: "counter",
    golden: false,
    workerSelector: {},
    status: "RUNNING" as const,
    generation: 1,
    assignment,
    snapshots: [],
    retired: [],
    createdAt: 0,
  };
  return { actor, request, headers: {} };
}

test("a second doubt about a worker is settled with the first", { timeout: 10_000 }, async () => {
  await using open = await openDoubts();
  const { node, workers, doubted } = open;
  let second: Promise<void> | undefined;
  node.refuse = () => {
    second ??= doubted.add(lastOf("x"));
    return undefined;
  };
  await doubted.add(lastOf("x"));
  await second;
  assert.equal(doubted.count, 0);
  assert.notEqual(workers.get("base-0")?.state, "unknown");
});

test("a doubt ends when its node tells that the worker is no more", { timeout: 10_000 }, async () => {
  await using open = await openDoubts();
  const { node, nodes, doubted, tellWorkers } = open;
  node.refuse = () => status.INTERNAL;
  const ended = doubted.add(lastOf("x"));
  tellWorkers();
  await ended;

  const forgotten = doubted.add(lastOf("y", "away-0", "away"));
  const away = newSession("away", node);
  nodes.register(away);
  nodes.reported(away);
  await forgotten;
  assert.equal(doubted.count, 0);
});

test("doubts about the workers of nodes that are away are bounded; the oldest go", {
  timeout: 10_000,
}, async () => {
  await using open = await openDoubts();
  const { node, doubted } = open;
  node.refuse = () => status.INTERNAL;
  void doubted.add(lastOf("x"));
  const oldest = doubted.add(lastOf("y", "away-0", "away"));
  for (let index = 1; index < doubtsMax; index++) void doubted.add(lastOf("y", `away-${index}`, "away"));
  await oldest;
  assert.equal(doubted.count, doubtsMax);
});
