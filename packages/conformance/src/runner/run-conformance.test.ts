// The suite itself, on a back end that keeps durable directories of a plain process. Needs root.
import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "./result.ts";
import { type ConformanceOptions, runConformance } from "./run-conformance.ts";

const honest = fileURLToPath(
  new URL("../../../../test/broken-back-ends/programs/honest.ts", import.meta.url),
);
const isRoot = process.getuid?.() === 0;

function settings(items: readonly string[]): ConformanceOptions {
  return {
    backEnd: { kind: "command", command: [process.execPath, honest] },
    items,
    scopes: ["data"],
    severalContainers: false,
    workersPerProcess: 1,
    isFixedBasePath: false,
    env: {},
    assets: {},
    cycles: 2,
    kills: 1,
    seed: 11,
  };
}

describe("the suite", { skip: !isRoot && "needs root" }, () => {
  test("runs what is declared, and counts the rest apart", async (context) => {
    const events: RunEvent["kind"][] = [];
    const { report, folder } = await runConformance({
      ...settings(["restore/data", "restore/full", "extensions/describe"]),
      signal: context.signal,
      onEvent: ({ kind }) => events.push(kind),
    });
    assert.deepEqual(
      report.results.map(({ id, outcome }) => [id, outcome.kind]),
      [
        ["restore/data", "passed"],
        ["restore/full", "not-declared"],
        ["extensions/describe", "not-declared"],
      ],
    );
    assert.deepEqual(events, ["began", "result", "result", "result", "ended"]);
    assert.equal(folder, undefined);
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  });

  test("tells why a back end could not be started", async (context) => {
    const command = {
      kind: "command",
      command: [process.execPath, "-e", "throw new Error('not today')", "--"],
    } as const;
    const run = runConformance({ ...settings([]), backEnd: command, signal: context.signal });
    await assert.rejects(run, /the back end ended at its start: [\s\S]*not today/);
  });

  test("leaves nothing when it is interrupted", async () => {
    const interrupt = new AbortController();
    let socketFolder = "";
    const run = runConformance({
      ...settings(["leaks/", "run/"]),
      cycles: 100_000,
      signal: interrupt.signal,
      onEvent(event) {
        if (event.kind === "began") socketFolder = event.folder;
        interrupt.abort();
      },
    });
    await assert.rejects(run, /interrupted/);
    assert.notEqual(socketFolder, "");
    await assert.rejects(access(socketFolder), { code: "ENOENT" });
  });
});
