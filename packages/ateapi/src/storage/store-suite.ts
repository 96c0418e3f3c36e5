// What every store engine must do. An engine's test calls this with a way to open an empty store.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import type { ActorRecord, Assignment, OperationRecord, Snapshot } from "../actors/actor-record.ts";
import { type NewActor, type RefusalReason, type ResourceRecord, type Store, StoreRefusal } from "./store.ts";

export interface OpenedStore {
  readonly store: Store;
  /** Closes it and opens what was written again. */
  reopen(): Promise<Store>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Registers the suite. */
export function storeSuite(engine: string, open: () => Promise<OpenedStore>): void {
  describe(`${engine} store`, () => {
    test("keeps its uid", async () => {
      await using opened = await open();
      const uid = await opened.store.storeUid();
      assert.match(uid, /^[0-9a-f-]{36}$/);
      const reopened = await opened.reopen();
      assert.equal(await reopened.storeUid(), uid);
    });

    test("knows atespaces, and removes only empty ones", async () => {
      await using opened = await open();
      const { store } = opened;
      await store.createAtespace("b");
      await store.createAtespace("a");
      await refuses(store.createAtespace("a"), "exists");
      assert.deepEqual(await store.listAtespaces(), ["a", "b"]);
      const actor = await createIn(store, "a", "x");
      await refuses(store.deleteAtespace("a"), "not-empty");
      await refuses(store.deleteAtespace("c"), "not-found");
      await store.removeActor(actor);
      await store.deleteAtespace("a");
      assert.equal(await store.hasAtespace("a"), false);
    });

    test("creates an actor once, in an atespace that exists", async () => {
      await using opened = await open();
      const { store } = opened;
      await refuses(store.createActor(newActor("a", "x")), "no-atespace");
      await store.createAtespace("a");
      await refuses(store.createActor(newActor("a", "x")), "no-template");
      await store.putResource(counter);
      const created = await store.createActor(newActor("a", "x"));
      assert.equal(created.version, 1);
      assert.equal(created.status, "SUSPENDED");
      await refuses(store.createActor(newActor("a", "x")), "exists");
      assert.deepEqual(await store.getActor({ atespace: "a", actorId: "x" }), created);
      assert.equal(await store.getActor({ atespace: "a", actorId: "y" }), undefined);
    });

    test("writes only over the version that its writer saw (L2)", async () => {
      await using opened = await open();
      const { store } = opened;
      const actor = await createIn(store, "a", "x");
      const bound = await store.changeActor(actor, bind("worker-1"));
      assert.equal(bound.version, 2);
      await refuses(store.changeActor(actor, { kind: "commit-running", at: 1 }), "stale");
      const racing = [1, 2, 3].map(() => store.changeActor(bound, { kind: "commit-running", at: 1 }));
      const outcomes = await Promise.allSettled(racing);
      assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
      await store.removeActor(await found(store, "a", "x"));
      await refuses(store.changeActor(bound, { kind: "commit-running", at: 1 }), "not-found");
    });

    test("gives no generation twice, to whatever actor, over a restart too", async () => {
      await using opened = await open();
      const { store } = opened;
      const generations: number[] = [];
      const wake = async (of: Store, actor: ActorRecord) => {
        const bound = await of.changeActor(actor, bind("worker-1"));
        generations.push(bound.generation);
        return of.changeActor(bound, { kind: "release", status: "SUSPENDED" });
      };
      const first = await wake(store, await createIn(store, "a", "x"));
      await wake(store, await createIn(store, "a", "y"));
      await store.removeActor(await wake(store, first));
      const again = await createIn(store, "a", "x");
      await wake(await opened.reopen(), again);
      assert.deepEqual(
        generations,
        generations.toSorted((one, other) => one - other),
      );
      assert.equal(new Set(generations).size, generations.length);
    });

    test("removes no template that an actor is made from", async () => {
      await using opened = await open();
      const { store } = opened;
      const actor = await createIn(store, "a", "x");
      await refuses(store.removeResource(counter), "not-empty");
      await store.removeActor(actor);
      await store.removeResource(counter);
    });

    test("binds a worker to one actor at a time (L1)", async () => {
      await using opened = await open();
      const { store } = opened;
      const first = await createIn(store, "a", "x");
      const second = await createIn(store, "a", "y");
      const bound = await store.changeActor(first, bind("worker-1"));
      await refuses(store.changeActor(second, bind("worker-1")), "worker-taken");
      await store.changeActor(bound, { kind: "release", status: "SUSPENDED" });
      await store.changeActor(second, bind("worker-1"));
    });

    test("refuses a change that the status does not allow, and writes nothing", async () => {
      await using opened = await open();
      const { store } = opened;
      const actor = await createIn(store, "a", "x");
      await refuses(store.changeActor(actor, { kind: "commit-running", at: 1 }), "not-allowed");
      await refuses(store.changeActor(actor, { kind: "release", status: "SUSPENDED" }), "not-allowed");
      assert.deepEqual(await found(store, "a", "x"), actor);
    });

    test("frees the worker in the write that commits the snapshot (L5)", async () => {
      await using opened = await open();
      const { store } = opened;
      const actor = await createIn(store, "a", "x");
      const bound = await store.changeActor(actor, bind("worker-1"));
      const running = await store.changeActor(bound, { kind: "commit-running", at: 5 });
      const draining = await store.changeActor(running, {
        kind: "begin-checkpoint",
        operation: operation("suspend"),
      });
      assert.equal(draining.assignment?.workerUid, "worker-1");
      const committed = await store.changeActor(draining, {
        kind: "commit-snapshot",
        snapshot: snapshot("snap-1"),
        step: "upload",
      });
      assert.equal(committed.assignment, undefined);
      assert.equal(committed.status, "SUSPENDING");
      assert.deepEqual(
        (await store.listUnsettledActors()).map(({ actorId }) => actorId),
        ["x"],
      );
      const uploaded = await store.changeActor(committed, { kind: "mark-uploaded", prefix: "snap-1" });
      const settled = await store.changeActor(uploaded, { kind: "settle", status: "SUSPENDED" });
      assert.equal(settled.snapshots[0]?.uploaded, true);
      assert.deepEqual(await store.listUnsettledActors(), []);
    });

    test("retires older snapshots when a newer one is as safe", async () => {
      await using opened = await open();
      const { store } = opened;
      let actor = await createIn(store, "a", "x");
      const checkpoint = async (prefix: string, kind: "suspend" | "pause") => {
        actor = await store.changeActor(actor, bind("worker-1"));
        actor = await store.changeActor(actor, { kind: "commit-running", at: 5 });
        actor = await store.changeActor(actor, { kind: "begin-checkpoint", operation: operation(kind) });
        const rest = kind === "pause" ? "PAUSED" : "SUSPENDED";
        actor = await store.changeActor(actor, { kind: "commit-snapshot", snapshot: snapshot(prefix), rest });
      };
      const prefixes = (list: readonly Snapshot[]) => list.map(({ prefix }) => prefix);
      await checkpoint("snap-1", "suspend");
      actor = await store.changeActor(actor, { kind: "mark-uploaded", prefix: "snap-1" });
      await checkpoint("snap-2", "pause");
      assert.deepEqual(prefixes(actor.snapshots), ["snap-1", "snap-2"]);
      await checkpoint("snap-3", "pause");
      assert.deepEqual(prefixes(actor.snapshots), ["snap-1", "snap-3"]);
      assert.deepEqual(prefixes(actor.retired), ["snap-2"]);
      actor = await store.changeActor(actor, { kind: "mark-uploaded", prefix: "snap-3" });
      assert.deepEqual(prefixes(actor.snapshots), ["snap-3"]);
      assert.deepEqual(prefixes(actor.retired), ["snap-2", "snap-1"]);
      actor = await store.changeActor(actor, { kind: "forget-snapshot", prefix: "snap-2" });
      assert.deepEqual(prefixes(actor.retired), ["snap-1"]);
    });

    test("retires what an operation wrote and did not commit", async () => {
      await using opened = await open();
      const { store } = opened;
      const actor = await store.changeActor(await createIn(store, "a", "x"), bind("worker-1"));
      const running = await store.changeActor(actor, { kind: "commit-running", at: 5 });
      const pending = { prefix: "snap-1", scope: "full" } as const;
      const suspending = await store.changeActor(running, {
        kind: "begin-checkpoint",
        operation: { ...operation("suspend"), pending },
      });
      const kept = await store.changeActor(suspending, { kind: "keep-running" });
      assert.equal(kept.status, "RUNNING");
      assert.equal(kept.assignment?.workerUid, "worker-1");
      assert.deepEqual(
        kept.retired.map(({ prefix, node }) => [prefix, node]),
        [["snap-1", "node-1"]],
      );
    });

    test("lists actors in pages by (atespace, actor id)", async () => {
      await using opened = await open();
      const { store } = opened;
      for (const [atespace, actorId] of [
        ["b", "2"],
        ["a", "9"],
        ["b", "1"],
        ["a", "10"],
      ] as const) {
        await createIn(store, atespace, actorId);
      }
      const names = (actors: readonly ActorRecord[]) =>
        actors.map((actor) => `${actor.atespace}/${actor.actorId}`);
      const first = await store.listActors({ atespace: "", limit: 3 });
      assert.deepEqual(names(first), ["a/10", "a/9", "b/1"]);
      const second = await store.listActors({ atespace: "", limit: 3, ...(first[2] && { after: first[2] }) });
      assert.deepEqual(names(second), ["b/2"]);
      assert.deepEqual(names(await store.listActors({ atespace: "b", limit: 10 })), ["b/1", "b/2"]);
    });

    test("keeps resources by version", async () => {
      await using opened = await open();
      const { store } = opened;
      const resource = {
        kind: "WorkerPool",
        namespace: "default",
        name: "pool",
        uid: randomUUID(),
        version: 1,
        object: { spec: { replicas: 1 } },
        status: {},
      };
      await store.putResource(resource);
      await refuses(store.putResource(resource), "exists");
      await store.putResource({ ...resource, version: 2, status: { replicas: 1 } });
      await refuses(store.putResource({ ...resource, version: 2 }), "stale");
      assert.deepEqual(await store.listResources(), [{ ...resource, version: 2, status: { replicas: 1 } }]);
      await store.removeResource(resource);
      await refuses(store.removeResource(resource), "not-found");
    });

    test("keeps the newest 1000 events", async () => {
      await using opened = await open();
      const { store } = opened;
      await Promise.all(Array.from({ length: 1003 }, (_, index) => store.appendEvent(event(index))));
      const events = await store.listEvents("");
      assert.equal(events.length, 1000);
      assert.equal(events.at(-1)?.message, "1002");
      assert.ok(events.every((entry, index) => index === 0 || entry.id > (events[index - 1]?.id ?? 0)));
      assert.equal((await store.listEvents("odd")).length, 500);
    });

    test("holds what it answered after it is opened again", async () => {
      await using opened = await open();
      const actor = await createIn(opened.store, "a", "x");
      const bound = await opened.store.changeActor(actor, bind("worker-1"));
      const reopened = await opened.reopen();
      assert.deepEqual(await found(reopened, "a", "x"), bound);
    });
  });
}

/** The template of every actor in here. */
const counter: ResourceRecord = {
  kind: "ActorTemplate",
  namespace: "default",
  name: "counter",
  uid: randomUUID(),
  version: 1,
  object: {},
  status: {},
};

async function refuses(call: Promise<unknown>, reason: RefusalReason): Promise<void> {
  await assert.rejects(call, (error) => error instanceof StoreRefusal && error.reason === reason);
}

async function createIn(store: Store, atespace: string, actorId: string): Promise<ActorRecord> {
  if (!(await store.hasAtespace(atespace))) await store.createAtespace(atespace);
  if ((await store.listResources()).length === 0) await store.putResource(counter);
  return store.createActor(newActor(atespace, actorId));
}

async function found(store: Store, atespace: string, actorId: string): Promise<ActorRecord> {
  const actor = await store.getActor({ atespace, actorId });
  assert.ok(actor);
  return actor;
}

function newActor(atespace: string, actorId: string): NewActor {
  return {
    uid: randomUUID(),
    atespace,
    actorId,
    templateNamespace: "default",
    templateName: "counter",
    golden: false,
    workerSelector: {},
    createdAt: 1,
  };
}

function bind(workerUid: string) {
  const assignment: Assignment = {
    workerUid,
    node: "node-1",
    address: "100.96.0.2",
    poolNamespace: "default",
    poolName: "pool",
    podName: "pool-1",
    bootId: "boot-1",
    hardwareKey: "",
  };
  return { kind: "bind", assignment, operation: operation("resume") } as const;
}

function operation(kind: OperationRecord["kind"]): OperationRecord {
  return { id: randomUUID(), kind, cause: "caller", step: "first", attempt: 0, startedAt: 1, deadlineAt: 2 };
}

function snapshot(prefix: string): Snapshot {
  return {
    prefix,
    scope: "full",
    node: "node-1",
    uri: `file:///snapshots/${prefix}`,
    uploaded: false,
    hardwareKey: "",
    committedAt: 1,
  };
}

function event(index: number) {
  return {
    time: index,
    reason: "Tested",
    message: String(index),
    atespace: index % 2 ? "odd" : "even",
    actorId: "x",
    worker: "",
    operationId: "",
    phases: [],
  };
}
