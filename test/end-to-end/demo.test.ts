// The demo is what people see first: it must be right, and leave nothing, whenever it ends.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import type { DemoReport } from "../support/demo-in-world.ts";
import { runInOwnWorld } from "../support/own-world.ts";

async function runDemo(...interruptAt: string[]): Promise<DemoReport> {
  const program = resolve(import.meta.dirname, "../support/demo-in-world.ts");
  return JSON.parse(await runInOwnWorld(program, ...interruptAt));
}

test("the demo's answers are all right, its wakes are explained, and nothing is left", async () => {
  const { code, output, left } = await runDemo();
  assert.equal(code, 0, output);
  assert.match(output, /^round +actor +worker +memory +file +total ms .*other$/m);
  assert.match(output, /48 answers of 12 actors on 2 workers/);
  assert.deepEqual(left, []);
});

for (const line of ["starting", "imported", "golden", "created", "round 2"]) {
  test(`a demo that is interrupted when it says "${line}" leaves nothing`, async () => {
    const { code, output, left } = await runDemo(line);
    assert.equal(code, 1, output);
    assert.match(output, /interrupted/);
    assert.deepEqual(left, []);
  });
}
