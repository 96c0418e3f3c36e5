import assert from "node:assert/strict";
import { test } from "node:test";
import { FairQueue } from "./fair-queue.ts";

test("atespaces take turns, and within one the first to come is first", () => {
  const queue = new FairQueue<string>(10);
  for (const item of ["a1", "a2", "a3", "b1", "c1", "c2"]) assert.ok(queue.add(item.charAt(0), item));
  assert.deepEqual(queue.inOrder(), ["a1", "b1", "c1", "a2", "c2", "a3"]);
  queue.serve("a", "a1");
  assert.deepEqual(queue.inOrder(), ["b1", "c1", "a2", "c2", "a3"]);
  queue.serve("b", "b1");
  queue.add("b", "b2");
  assert.deepEqual(queue.inOrder(), ["c1", "a2", "b2", "c2", "a3"]);
});

test("who leaves without being served costs its atespace no turn", () => {
  const queue = new FairQueue<string>(10);
  for (const item of ["a1", "a2", "b1"]) queue.add(item.charAt(0), item);
  queue.remove("a", "a1");
  assert.deepEqual(queue.inOrder(), ["a2", "b1"]);
  queue.remove("a", "a1");
  assert.equal(queue.length, 2);
});

test("is bounded over all atespaces", () => {
  const queue = new FairQueue<string>(2);
  assert.ok(queue.add("a", "a1"));
  assert.ok(queue.add("b", "b1"));
  assert.equal(queue.add("c", "c1"), false);
  queue.serve("a", "a1");
  assert.ok(queue.add("c", "c1"));
});
