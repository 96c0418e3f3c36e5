import assert from "node:assert/strict";
import { test } from "node:test";
import { notPassed, wholeSuite } from "../support/whole-suite.ts";

const gvisor = new URL("../../packages/ateom-gvisor/src/main.ts", import.meta.url);

test("gVisor passes every item", async (context) => {
  const runsc = process.env.SUBSTRATE_RUNSC;
  assert.ok(runsc, "SUBSTRATE_RUNSC names no runsc: run this as setup/run-tests.sh does");
  const run = await wholeSuite(gvisor, { assets: { runsc }, cycles: 20, kills: 3 }, context.signal);
  assert.deepEqual(notPassed(run), [["extensions/undeclared", "not-run", ""]]);
});
