import assert from "node:assert/strict";
import { test } from "node:test";
import type { ItemResult, Report } from "../runner/result.ts";
import { junitReport } from "./junit.ts";
import { progressLine, summaryLines } from "./text.ts";

const about = { title: "It is so.", rule: "run-ready", durationMs: 1234 };
const failed: ItemResult = {
  ...about,
  id: "run/slow-readyz",
  outcome: { kind: "failed", rule: "It waits.", seen: 'it said "<no>" & \u0000', log: ["last line"] },
};
const results: ItemResult[] = [
  { ...about, id: "start/socket", outcome: { kind: "passed" } },
  failed,
  { ...about, id: "restore/full", outcome: { kind: "not-declared", missing: ["full"] } },
  { ...about, id: "start/sigterm", outcome: { kind: "not-run", reason: "it needs a command" } },
];
const report: Report = {
  backEnd: { scopes: ["data"], declared: [] },
  seed: 5,
  cycles: 200,
  durationMs: 5000,
  results,
};

test("a JUnit report counts each kind of outcome and escapes what a back end said", () => {
  const xml = junitReport(report);
  assert.match(xml, /<testsuite [^>]*tests="4" failures="1" skipped="2" errors="0" time="5.000">/);
  assert.match(xml, /<testcase classname="start" name="socket" time="1.234"\/>/);
  assert.match(xml, /<failure message="it said &quot;&lt;no&gt;&quot; &amp; \?">/);
  assert.match(xml, /<skipped message="not declared: full"\/>/);
});

test("a failure is told with the rule, what was seen, the log, and how to repeat it", () => {
  const text = progressLine(failed, 2, (id) => `suite --item ${id}`);
  for (const part of ["FAILED 2 run/slow-readyz", "It waits. (run-ready)", "it said", "last line"]) {
    assert.ok(text.includes(part), part);
  }
  assert.match(text, /again: suite --item run\/slow-readyz$/);
});

test("what is not declared or not run is counted apart", () => {
  const [first, last] = [summaryLines(report)[0], summaryLines(report).at(-1)];
  assert.equal(first, "  FAILED run/slow-readyz");
  assert.match(last ?? "", /^1 passed, 1 failed, 1 not declared, 1 not run, in 5.0 s \(base contract only/);
});
