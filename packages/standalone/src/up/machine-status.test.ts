import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi, watch } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { MachineStatus } from "./machine-status.ts";

const { Actor_Status } = ateapi;
type Change = watch.WatchResponse["change"];

function statusAfter(...changes: Change[]): string {
  const status = new MachineStatus();
  for (const change of changes) status.apply(create(watch.WatchResponseSchema, { change }));
  return status.format();
}

function actor(actorId: string, status: ateapi.Actor_Status): Change {
  return { case: "actor", value: create(ateapi.ActorSchema, { atespace: "a", actorId, status }) };
}

function worker(workerPodUid: string, actorId: string): Change {
  return { case: "worker", value: create(ateapi.WorkerSchema, { workerPodUid, actorId }) };
}

test("the status counts actors and workers as they are after all changes", () => {
  const text = statusAfter(
    actor("ann", Actor_Status.RUNNING),
    actor("bob", Actor_Status.RUNNING),
    actor("bob", Actor_Status.SUSPENDED),
    actor("gone", Actor_Status.SUSPENDED),
    { case: "actorDeleted", value: create(ateapi.ActorRefSchema, { atespace: "a", name: "gone" }) },
    worker("1", "ann"),
    worker("2", ""),
    worker("3", ""),
    { case: "workerDeleted", value: "3" },
  );
  assert.equal(text, "actors 1 running, 1 asleep · workers 1 of 2 free");
});

test("the last wake is the sum of its phases", () => {
  const phases = [
    { name: "place", durationMs: 1 },
    { name: "restore", durationMs: 80 },
  ];
  const value = create(watch.EventSchema, { reason: "Resumed", phases });
  assert.match(statusAfter({ case: "event", value }), /last wake 81 ms$/);
});
