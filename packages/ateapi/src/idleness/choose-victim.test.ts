import assert from "node:assert/strict";
import { test } from "node:test";
import { routes } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import type { ActorRecord } from "../actors/actor-record.ts";
import { Activity } from "./activity.ts";
import { chooseVictim, firstRequestGraceMs } from "./choose-victim.ts";

const noFailures = { restMs: () => 0 };

function running(actorId: string, more: Partial<ActorRecord> = {}): ActorRecord {
  return {
    uid: actorId,
    atespace: "a",
    actorId,
    version: 1,
    templateNamespace: "default",
    templateName: "counter",
    golden: false,
    workerSelector: {},
    status: "RUNNING",
    generation: 1,
    snapshots: [],
    retired: [],
    createdAt: 0,
    ...more,
  };
}

function seen(actorId: string, inFlight: number, idleMs: number, generation = 1n) {
  return create(routes.ActorActivitySchema, {
    atespace: "a",
    actorId,
    generation,
    inFlight,
    idleMs: BigInt(idleMs),
  });
}

function setUp(...actors: ActorRecord[]) {
  const clock = { now: 0 };
  const activity = new Activity(() => clock.now);
  for (const actor of actors) activity.begin(actor);
  return { clock, activity };
}

test("the one that has been idle longest gives way", () => {
  const [x, y] = [running("x"), running("y")];
  const { clock, activity } = setUp(x, y);
  clock.now = 10_000;
  activity.report("router", seen("x", 0, 500));
  activity.report("router", seen("y", 0, 900));
  assert.equal(chooseVictim([x, y], activity, noFailures).victim, y);
  activity.touch(y);
  assert.equal(chooseVictim([x, y], activity, noFailures).victim, x);
});

test("an actor with a request or stream open is left alone, until all routers say that none is", () => {
  const x = running("x");
  const { clock, activity } = setUp(x);
  clock.now = 10_000;
  activity.report("router-1", seen("x", 1, 0));
  activity.report("router-2", seen("x", 2, 0));
  clock.now = 99_000;
  assert.deepEqual(chooseVictim([x], activity, noFailures), {});
  activity.report("router-1", seen("x", 0, 0));
  assert.deepEqual(chooseVictim([x], activity, noFailures), {});
  activity.forgetRouter("router-2");
  assert.equal(chooseVictim([x], activity, noFailures).victim, x);
});

test("an actor that was just woken is protected until its first request was seen", () => {
  const x = running("x");
  const { clock, activity } = setUp(x);
  clock.now = 500;
  assert.deepEqual(chooseVictim([x], activity, noFailures), { retryMs: firstRequestGraceMs - 500 });
  activity.report("router", seen("x", 0, 0, 7n));
  assert.equal(chooseVictim([x], activity, noFailures).victim, undefined, "another generation says nothing");
  activity.report("router", seen("x", 0, 0));
  assert.equal(chooseVictim([x], activity, noFailures).victim, x);
});

test("an actor that nobody asks for is protected only so long", () => {
  const x = running("x");
  const { clock, activity } = setUp(x);
  clock.now = firstRequestGraceMs;
  assert.equal(chooseVictim([x], activity, noFailures).victim, x);
});

test("what does not simply run is no candidate", () => {
  const golden = running("g", { golden: true });
  const leaving = running("l", { status: "SUSPENDING" });
  const { clock, activity } = setUp(golden, leaving);
  clock.now = 99_000;
  assert.deepEqual(chooseVictim([golden, leaving], activity, noFailures), {});
});

test("who could not be suspended is let alone for a while, and another one is taken", () => {
  const [x, y] = [running("x"), running("y")];
  const { clock, activity } = setUp(x, y);
  clock.now = 10_000;
  for (const { actorId } of [x, y]) activity.report("router", seen(actorId, 0, 9000));
  const failed = { restMs: ({ uid }: ActorRecord) => (uid === x.uid ? 700 : 0) };
  assert.deepEqual(chooseVictim([x], activity, failed), { retryMs: 700 });
  assert.equal(chooseVictim([x, y], activity, failed).victim, y);
});
