import assert from "node:assert/strict";
import { test } from "node:test";
import { formatWakes, quantile } from "./wake-table.ts";
import { readWakeTiming } from "./wake-timing.ts";

test("the phases of a wake add up to its total, with what nobody measured as other", () => {
  const timing = readWakeTiming("park;dur=1.2, restore;dur=61.0, other;dur=3, total;dur=80");
  assert.ok(timing);
  assert.deepEqual(
    timing.phases.map((phase) => phase.name),
    ["park", "restore", "other"],
  );
  const sum = timing.phases.reduce((total, phase) => total + phase.durationMs, 0);
  assert.ok(Math.abs(sum - timing.totalMs) < 1e-9);
});

test("an answer that waited for no wake has no timing", () => {
  assert.equal(readWakeTiming(undefined), undefined);
  assert.equal(readWakeTiming("app;dur=3"), undefined);
});

test("a table has a column for each step, and says which actor was awake", () => {
  const wake = { round: 1, actor: "ann", worker: "gvisor-1", memory: 1, file: 1 };
  const timing = readWakeTiming("park;dur=1, queue;dur=2, restore;dur=4, unheard-of;dur=1, total;dur=10");
  const table = formatWakes([
    { ...wake, timing },
    { ...wake, timing: undefined },
  ]);
  assert.deepEqual(table.split("\n"), [
    "round  actor  worker    memory  file  total ms  queue  control  node  create  restore  ready  answer  other",
    "    1  ann    gvisor-1       1     1      10.0    3.0      0.0   0.0     0.0      4.0    0.0     0.0    3.0",
    "    1  ann    gvisor-1       1     1     awake      -        -     -       -        -      -       -      -",
  ]);
});

test("a quantile is one of the numbers", () => {
  assert.equal(quantile([5, 1, 3], 0.5), 3);
  assert.equal(quantile([5, 1, 3], 0.95), 5);
  assert.equal(quantile([7], 0), 7);
});
