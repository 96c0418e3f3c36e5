// However an `up` ends, the machine is as it was before.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import type { MachineReport } from "../support/machine-in-world.ts";
import { runInOwnWorld } from "../support/own-world.ts";

async function play(way: string): Promise<MachineReport> {
  const program = resolve(import.meta.dirname, "../support/machine-in-world.ts");
  return JSON.parse(await runInOwnWorld(program, way));
}

test("an orderly stop suspends what runs and leaves nothing", async () => {
  const { output, left } = await play("stopped");
  assert.match(output, /suspended 1 of 1 actors/);
  assert.match(output, /^stopped$/m);
  assert.deepEqual(left, []);
});

test("a pressed stop suspends nothing and leaves nothing", async () => {
  const { output, left } = await play("pressed");
  assert.match(output, /^stopped$/m);
  assert.deepEqual(left, []);
});

test("what a killed machine left is removed by the next one", async () => {
  assert.deepEqual((await play("killed")).left, []);
});
