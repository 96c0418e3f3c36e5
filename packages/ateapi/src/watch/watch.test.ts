import assert from "node:assert/strict";
import { test } from "node:test";
import { ateapi, watch } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { TestPlane } from "../testing/test-plane.ts";
import { ChangeFeed } from "./change-feed.ts";

const { Actor_Status: Status } = ateapi;

/** Reads changes until one is wanted. */
async function readUntil(
  stream: AsyncIterator<watch.WatchResponse>,
  last: (response: watch.WatchResponse) => boolean,
) {
  const read: watch.WatchResponse[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done) throw new Error("the watch ended");
    read.push(value);
    if (last(value)) return read;
  }
}

const isSynced = ({ change }: watch.WatchResponse) => change.case === "synced";
const isStatus = (status: ateapi.Actor_Status) => (response: watch.WatchResponse) =>
  response.change.case === "actor" && response.change.value.status === status;

test("tells what is, then synced, then what changes", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await plane.createActor("x");
  const stream = plane.watch
    .watch({ actors: true, workers: true, resources: true, atespace: "a" })
    [Symbol.asyncIterator]();
  const first = await readUntil(stream, isSynced);
  const cases = first.map(({ change }) => change.case);
  for (const wanted of ["actor", "worker", "resource"] as const) assert.ok(cases.includes(wanted), wanted);
  const resumed = plane.resume("x");
  const changes = await readUntil(stream, isStatus(Status.RUNNING));
  await resumed;
  assert.ok(changes.some(isStatus(Status.RESUMING)));
  const assigned = changes.some(({ change }) => change.case === "worker" && change.value.actorId === "x");
  assert.ok(assigned, "a worker changes with its actor");
  const versions = changes.map(({ version }) => version);
  assert.deepEqual(
    versions,
    versions.toSorted((a, b) => (a < b ? -1 : 1)),
  );
  await plane.suspend("x");
  await plane.control.deleteActor({ actorRef: { atespace: "a", name: "x" } });
  const deleted = await readUntil(stream, ({ change }) => change.case === "actorDeleted");
  const last = deleted.at(-1)?.change;
  assert.equal(last?.case === "actorDeleted" && last.value.name, "x");
  await stream.return?.();
});

test("goes on after a version that is known, without telling everything again", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await plane.untilPhase("counter", "Ready");
  await plane.createActor("x");
  const stream = plane.watch.watch({ actors: true, atespace: "a" })[Symbol.asyncIterator]();
  const seen = await readUntil(stream, isSynced);
  await stream.return?.();
  await plane.resume("x");
  const resumeAfter = seen.at(-1)?.version ?? 0n;
  const again = plane.watch.watch({ actors: true, atespace: "a", resumeAfter })[Symbol.asyncIterator]();
  const missed = await readUntil(again, isSynced);
  const statuses = missed.flatMap(({ change }) => (change.case === "actor" ? [change.value.status] : []));
  assert.deepEqual(statuses, [Status.RESUMING, Status.RUNNING]);
  await again.return?.();
  const unknown = plane.watch.watch({ actors: true, atespace: "a", resumeAfter: 1n })[Symbol.asyncIterator]();
  assert.equal((await readUntil(unknown, isSynced)).length, 2);
  await unknown.return?.();
});

test("only what is asked for, only of the atespace", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await plane.control.createAtespace({ name: "b" });
  await plane.createActor("x", "a");
  await plane.createActor("y", "b");
  const stream = plane.watch.watch({ actors: true, atespace: "b" })[Symbol.asyncIterator]();
  const read = await readUntil(stream, isSynced);
  assert.deepEqual(
    read.map(({ change }) => (change.case === "actor" ? change.value.actorId : change.case)),
    ["y", "synced"],
  );
  await stream.return?.();
});

test("a resume leaves an event whose phases add up", async () => {
  await using tested = await TestPlane.withNode();
  const { plane } = tested;
  await plane.createActor("x");
  const stream = plane.watch.watch({ events: true, atespace: "a" })[Symbol.asyncIterator]();
  await plane.resume("x");
  const read = await readUntil(
    stream,
    ({ change }) => change.case === "event" && change.value.reason === "Resumed",
  );
  await stream.return?.();
  const event = read.at(-1)?.change;
  assert.ok(event?.case === "event");
  assert.equal(event.value.actorId, "x");
  assert.ok(event.value.phases.some(({ name }) => name === "other"));
  const { events } = await plane.watch.listEvents({ atespace: "a" });
  assert.deepEqual(
    events.map(({ reason }) => reason),
    ["Resumed"],
  );
});

test("the feed keeps so many changes, and knows which it has lost", () => {
  const feed = new ChangeFeed(10, 1);
  const start = feed.version;
  const publish = () => feed.publish({ case: "synced", value: create(watch.SyncedSchema) });
  for (let count = 0; count < 5; count++) publish();
  assert.equal(feed.since(start)?.length, 5);
  assert.equal(feed.since(feed.version)?.length, 0);
  assert.equal(feed.since(feed.version + 1n), undefined, "a version that never was");
  for (let count = 0; count < 100; count++) publish();
  assert.equal(feed.since(start), undefined);
  assert.equal(feed.since(feed.version - 10n)?.length, 10);
});
