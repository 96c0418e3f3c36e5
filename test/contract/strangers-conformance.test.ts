// Back ends that are nobody's of this repository keep the contract, by its own suite.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { test } from "node:test";
import { prepareGoBackEnd, preparePythonBackEnd } from "../support/strangers.ts";

const launcher = resolve(import.meta.dirname, "../../substrate");
const suiteMs = 280_000;
/** Of the items that look for leaks, and of those that kill; a release is proved with the suite's defaults. */
const cycles = 5;
const kills = 2;

test("the back end in Python passes the conformance suite for what it declares", async () => {
  await proveConformance([], await preparePythonBackEnd());
});

test("the back end in Go passes it with the base contract alone", async () => {
  const runsc = process.env.SUBSTRATE_RUNSC;
  assert.ok(runsc, "SUBSTRATE_RUNSC names no runsc: run this as setup/run-tests.sh does");
  await proveConformance(["--fixed-base-path", `--asset=runsc=${runsc}`], await prepareGoBackEnd());
});

async function proveConformance(options: readonly string[], command: readonly string[]): Promise<void> {
  const words = ["conformance", `--cycles=${cycles}`, `--kills=${kills}`, ...options, "--", ...command];
  const { promise, resolve: settle } = Promise.withResolvers<{ code: unknown; output: string }>();
  execFile(
    launcher,
    words,
    { env: { ...process.env, SUBSTRATE_NO_INSTALL: "1" }, timeout: suiteMs },
    (error, stdout, stderr) => settle({ code: error?.code ?? error?.signal ?? 0, output: stdout + stderr }),
  );
  const { code, output } = await promise;
  assert.equal(code, 0, output);
  assert.match(output, /^[1-9]\d* passed, 0 failed/m);
}
