// The whole suite on the back end of this repository, with fewer cycles than `npm run conformance`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runConformance } from "@agent-substrate/conformance";

const main = fileURLToPath(new URL("../../packages/ateom-gvisor/src/main.ts", import.meta.url));

test("gVisor passes every item", async (context) => {
  const runsc = process.env.SUBSTRATE_RUNSC;
  assert.ok(runsc, "SUBSTRATE_RUNSC names no runsc: run this as setup/run-tests.sh does");
  const { report } = await runConformance({
    backEnd: { kind: "command", command: [process.execPath, main] },
    assets: { runsc },
    items: [],
    scopes: [],
    severalContainers: false,
    workersPerProcess: 1,
    isFixedBasePath: false,
    env: {},
    cycles: 20,
    seed: 2,
    signal: context.signal,
  });
  const others = report.results.filter(({ outcome }) => outcome.kind !== "passed");
  assert.deepEqual(
    others.map(({ id, outcome }) => [id, outcome.kind, outcome.kind === "failed" ? outcome.seen : ""]),
    [["extensions/undeclared", "not-run", ""]],
  );
});
