// The whole suite on the back end of this repository, with fewer cycles than `npm run conformance`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runConformance } from "./runner/run-conformance.ts";

const main = fileURLToPath(new URL("../../ateom-gvisor/src/main.ts", import.meta.url));
const runsc = process.env.SUBSTRATE_RUNSC;
const isReady = process.getuid?.() === 0 && runsc !== undefined;

test("gVisor passes every item", { skip: !isReady && "needs root and SUBSTRATE_RUNSC" }, async (context) => {
  const { report } = await runConformance({
    backEnd: { kind: "command", command: [process.execPath, main] },
    assets: { runsc: runsc ?? "" },
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
