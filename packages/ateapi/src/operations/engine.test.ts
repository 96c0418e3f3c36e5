import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createLogger } from "@agent-substrate/process-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ActorRecord } from "../actors/actor-record.ts";
import { LiveActors } from "../actors/live-actors.ts";
import { openSqliteStore } from "../storage/sqlite/sqlite-store.ts";
import type { Store } from "../storage/store.ts";
import { newOperation, OperationEngine, type OperationOutcome } from "./engine.ts";
import type { OperationTable, Step } from "./operation-table.ts";

/** An actor in a real store, and an engine that deletes it by the given steps. */
async function setUp(steps: Record<string, Step>, spoil: (store: Store) => Store = (store) => store) {
  const folder = await mkdtemp(join(tmpdir(), "ateapi-engine-"));
  const store = await openSqliteStore(join(folder, "substrate.db"));
  await store.createAtespace("a");
  const template = { kind: "ActorTemplate", namespace: "default", name: "counter" };
  await store.putResource({ ...template, uid: randomUUID(), version: 1, object: {}, status: {} });
  const actors = new LiveActors(spoil(store));
  const table: OperationTable = { kind: "delete", steps };
  const ended: OperationOutcome[] = [];
  const engine = new OperationEngine(actors, [table], createLogger("test", "silent"), (outcome) =>
    ended.push(outcome),
  );
  const actor = await actors.create({
    uid: randomUUID(),
    atespace: "a",
    actorId: "x",
    templateNamespace: "default",
    templateName: "counter",
    golden: false,
    workerSelector: {},
    createdAt: 1,
  });
  const begin = (limitMs = 60_000) => {
    const operation = newOperation({ kind: "delete", cause: "caller", step: "first" }, limitMs);
    return engine.begin(actor, { kind: "begin-delete", operation });
  };
  return {
    actors,
    engine,
    ended,
    begin,
    async [Symbol.asyncDispose]() {
      engine.stop();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

const goOn: Step = async () => ({ change: { kind: "advance", step: "last" } });
const remove: Step = async () => ({ remove: true });

test("goes through the steps, tells how it ended, and once", async () => {
  await using tested = await setUp({ first: goOn, last: remove });
  const { outcome } = await tested.begin();
  assert.equal((await outcome).failure, undefined);
  assert.equal(await tested.actors.get({ atespace: "a", actorId: "x" }), undefined);
  assert.equal(tested.ended.length, 1);
  assert.equal(tested.engine.inFlight, 0);
});

test("a step that asks for it is done again, and each try is in the record", async () => {
  const attempts: number[] = [];
  const first: Step = async ({ operation }) => {
    attempts.push(operation.attempt);
    return attempts.length < 3
      ? { again: new ConnectError("not yet", Code.Unavailable) }
      : { change: { kind: "advance", step: "last" } };
  };
  await using tested = await setUp({ first, last: remove });
  await (await tested.begin()).outcome;
  assert.deepEqual(attempts, [0, 1, 2]);
});

test("a fault of a step or of the store leaves nothing stuck (L3)", async () => {
  let faults = 0;
  const first: Step = async (run) => {
    if (faults++ === 0) throw new TypeError("a fault of the program");
    return goOn(run);
  };
  let failures = 0;
  const spoil = (store: Store): Store => ({
    ...store,
    changeActor: (actor, change) =>
      change.kind === "advance" && failures++ === 0
        ? Promise.reject(new Error("the disk is full"))
        : store.changeActor(actor, change),
  });
  await using tested = await setUp({ first, last: remove }, spoil);
  await (await tested.begin()).outcome;
  assert.equal(await tested.actors.get({ atespace: "a", actorId: "x" }), undefined);
  assert.deepEqual([faults, failures], [3, 2]);
});

test("what somebody else writes beside it does not hinder it", async () => {
  const written = Promise.withResolvers<void>();
  const first: Step = async (run) => {
    await written.promise;
    return goOn(run);
  };
  await using tested = await setUp({ first, last: remove });
  const { outcome } = await tested.begin();
  const present = (await tested.actors.get({ atespace: "a", actorId: "x" })) as ActorRecord;
  await tested.actors.change(present, { kind: "select-workers", selector: { zone: "z" } });
  written.resolve();
  assert.equal((await outcome).failure, undefined);
});

test("a step learns of the deadline by its signal", async () => {
  const first: Step = async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return { remove: true };
  };
  await using tested = await setUp({ first });
  await (await tested.begin(20)).outcome;
});

test("a stop leaves the operation in the record, and tells its callers", async () => {
  const reached = Promise.withResolvers<void>();
  const first: Step = async ({ signal, stopping }) => {
    reached.resolve();
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    stopping.throwIfAborted();
    return { remove: true };
  };
  await using tested = await setUp({ first });
  const { outcome } = await tested.begin();
  await reached.promise;
  tested.engine.stop();
  await assert.rejects(outcome, /the control plane is stopping/);
  const left = await tested.actors.get({ atespace: "a", actorId: "x" });
  assert.equal(left?.operation?.step, "first");
});

test("what is begun while it stops is left to the next control plane, and surprises nobody who does not wait", async () => {
  await using tested = await setUp({ first: remove });
  tested.engine.stop();
  await tested.begin();
  const { outcome } = await tested.begin().catch(() => ({ outcome: undefined }));
  assert.equal(outcome, undefined, "it has begun already");
  const [actor] = tested.actors.all();
  await assert.rejects(tested.engine.outcome(actor?.operation?.id ?? ""), { code: Code.Unavailable });
});
