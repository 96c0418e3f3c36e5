import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActorRecord } from "../actors/actor-record.ts";
import { FailedSuspends } from "./failed-suspends.ts";

function onWorker(actorId: string, workerUid: string): ActorRecord {
  const assignment = { workerUid } as ActorRecord["assignment"];
  return { uid: actorId, atespace: "secret", actorId, assignment } as ActorRecord;
}

test("a failure explains the shortage of its own worker alone, names no actor, and ends with its reason", () => {
  const clock = { now: 0 };
  const failed = new FailedSuspends(() => clock.now);
  const [x, y] = [onWorker("x", "worker-1"), onWorker("y", "worker-2")];
  failed.failed(x, "the disk is full");
  clock.now = 40_000;
  failed.failed(y);
  const reasonOf = (uid: string) => failed.reasonOf((worker) => worker === uid);
  assert.equal(reasonOf("worker-1"), "an idle actor cannot be suspended: the disk is full");
  assert.equal(reasonOf("worker-2"), "an idle actor cannot be suspended");
  assert.equal(reasonOf("worker-3"), undefined);
  clock.now = 60_001;
  assert.equal(reasonOf("worker-1"), undefined, "it is too old");
  failed.forget(y);
  assert.equal(reasonOf("worker-2"), undefined);
});

test("an actor is let alone for longer after each failure", () => {
  const clock = { now: 0 };
  const failed = new FailedSuspends(() => clock.now);
  const x = onWorker("x", "worker-1");
  failed.failed(x);
  const first = failed.restMs(x);
  assert.ok(first > 0);
  failed.failed(x);
  assert.ok(failed.restMs(x) >= first);
  clock.now = 60_000;
  assert.equal(failed.restMs(x), 0);
});
