import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkerRecord } from "../workers/worker-record.ts";
import { chooseWorker, type Demand, satisfies } from "./choose-worker.ts";

function worker(uid: string, more: Partial<WorkerRecord> = {}): WorkerRecord {
  return {
    uid,
    node: "node-1",
    poolNamespace: "default",
    poolName: "pool",
    podName: uid,
    sandboxClass: "gvisor",
    address: "100.96.0.2",
    state: "available",
    isListed: false,
    bootId: "boot",
    hardwareKey: "",
    generation: 0,
    actorAtespace: "",
    actorId: "",
    message: "",
    version: 1,
    freeSince: 0,
    ...more,
  };
}

const demand: Demand = {
  pools: new Set(["default/pool"]),
  sandboxClass: "gvisor",
  preferredNodes: new Set(),
};

test("class, pool, node and hardware are hard gates", () => {
  assert.ok(satisfies(worker("w"), demand));
  assert.ok(!satisfies(worker("w", { sandboxClass: "microvm" }), demand));
  assert.ok(!satisfies(worker("w", { poolName: "other" }), demand));
  assert.ok(!satisfies(worker("w", { poolNamespace: "other" }), demand));
  assert.ok(!satisfies(worker("w"), { ...demand, node: "node-2" }));
  assert.ok(!satisfies(worker("w"), { ...demand, hardwareKey: "avx2" }));
  assert.ok(!satisfies(worker("w", { hardwareKey: "avx512" }), { ...demand, hardwareKey: "avx2" }));
  assert.ok(satisfies(worker("w", { hardwareKey: "avx2" }), { ...demand, hardwareKey: "avx2" }));
});

test("a node with the snapshot is preferred, then the worker that was free longest", () => {
  const free = [
    worker("young", { freeSince: 30 }),
    worker("old", { freeSince: 10 }),
    worker("near", { freeSince: 40, node: "node-2" }),
  ];
  assert.equal(chooseWorker(free, demand)?.uid, "old");
  assert.equal(chooseWorker(free, { ...demand, preferredNodes: new Set(["node-2"]) })?.uid, "near");
  assert.equal(chooseWorker([], demand), undefined);
});
