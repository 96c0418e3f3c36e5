// Workers of a node that knows the base calls alone, which cannot be told to end a workload.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import { status } from "@grpc/grpc-js";
import { startWithBaseNode, untilEvent } from "../testing/base-plane.ts";
import { refused } from "../testing/refusals.ts";

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
