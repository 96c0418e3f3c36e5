import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi, parsePhases, phasesTrailer } from "@agent-substrate/contract";
import { TestPlane } from "../testing/test-plane.ts";

const { Actor_Status: Status, SnapshotType } = ateapi;

test("a template becomes Ready, and an actor of it resumes, suspends and resumes", async () => {
  await using tested = await TestPlane.withNode({ workers: 2 });
  const { plane, node } = tested;
  const object = await plane.untilPhase("counter", "Ready");
  assert.match(
    String((object.status as Record<string, unknown>).goldenSnapshot),
    /^file:\/\/.*\/ate-golden\//,
  );

  await plane.createActor("x");
  const running = await plane.resume("x");
  assert.equal(running.status, Status.RUNNING);
  assert.equal(running.ateomPodUid, node.running("x")?.uid);
  assert.deepEqual(node.callsOf("x"), ["restore"]);

  const suspended = await plane.suspend("x");
  assert.equal(suspended.status, Status.SUSPENDED);
  assert.equal(suspended.ateomPodUid, "");
  assert.equal(suspended.latestSnapshotInfo?.type, SnapshotType.EXTERNAL);
  assert.equal(node.uploaded.size, 2);

  await plane.resume("x");
  assert.deepEqual(node.callsOf("x"), ["restore", "checkpoint", "uploadSnapshot", "restore"]);
  const restored = node.calls.at(-1);
  const stored = suspended.latestSnapshotInfo?.data;
  assert.equal(restored?.snapshot, stored?.case === "external" && stored.value.snapshotUriPrefix);
  const first = node.calls.find(({ name, actor }) => name === "restore" && actor === "x");
  assert.ok(first && restored && restored.generation > first.generation);
});

test("the phases of a resume add up to its time (L12)", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await plane.createActor("x");
  let trailer = "";
  const start = performance.now();
  await plane.control.resumeActor(
    { actorRef: { atespace: "a", name: "x" } },
    { onTrailer: (trailers) => (trailer = trailers.get(phasesTrailer) ?? "") },
  );
  const wallMs = performance.now() - start;
  const phases = parsePhases(trailer);
  const names = phases.map(({ name }) => name);
  for (const name of ["golden", "queue", "begin", "node", "commit", "other"])
    assert.ok(names.includes(name), name);
  const sum = phases.reduce((total, { durationMs }) => total + durationMs, 0);
  assert.ok(sum <= wallMs, `${sum} of ${wallMs} ms`);
});
