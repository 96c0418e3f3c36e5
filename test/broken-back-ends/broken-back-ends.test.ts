// Needs root: the suite makes network namespaces of its own.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import { type ItemResult, items, runConformance } from "@agent-substrate/conformance";
import { readTable } from "./table.ts";

const programs = join(import.meta.dirname, "programs");
/** What every broken back end does right: it is caught by its fault, and not because nothing works. */
const basics = ["start/unknown-service", "start/socket", "run/root-files"];
/** They wait most of the time; the others are run beside them. */
const longest = ["hangs-on-damage"];
const isRoot = process.getuid?.() === 0;
const suiteMs = 240_000;

const table = await readTable();

test("the table has every program once, and names items that there are", async () => {
  const files = (await readdir(programs)).filter((name) => name !== "honest.ts");
  assert.deepEqual(table.map(({ program }) => basename(program)).sort(), files.sort());
  const ids = new Set(items.map(({ id }) => id));
  for (const { item } of table) assert.ok(ids.has(item), item);
});

describe("the suite", { skip: !isRoot && "needs root", concurrency: 4 }, () => {
  test("finds nothing wrong with the honest back end, in the items of all others", async (context) => {
    const wanted = [...basics, ...table.map(({ item }) => item)];
    const results = await runItems(join(programs, "honest.ts"), wanted, context.signal);
    // It has no extensions, which is no fault.
    const failed = results.filter(({ outcome: { kind } }) => kind !== "passed" && kind !== "not-declared");
    assert.deepEqual(failed, []);
  });

  const isLong = ({ name }: { name: string }) => longest.includes(name);
  for (const broken of [...table.filter(isLong), ...table.filter((row) => !isLong(row))]) {
    test(`finds what is wrong with ${broken.name}: ${broken.fault}`, async (context) => {
      const results = await runItems(broken.program, [broken.item, ...basics], context.signal);
      const failed = results.filter(({ outcome }) => outcome.kind !== "passed");
      assert.deepEqual(
        failed.map(({ id, outcome }) => [id, outcome.kind]),
        [[broken.item, "failed"]],
        JSON.stringify(failed, undefined, 2),
      );
      const seen = failed[0]?.outcome.kind === "failed" ? failed[0].outcome.seen : "";
      assert.ok(seen.includes(broken.seen), `${broken.item} says: ${seen}`);
    });
  }
});

/** Of exactly these items. */
async function runItems(
  program: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly ItemResult[]> {
  const { report } = await runConformance({
    backEnd: { kind: "command", command: [process.execPath, program] },
    items: ids,
    scopes: ["data"],
    severalContainers: false,
    workersPerProcess: 1,
    isFixedBasePath: false,
    env: {},
    assets: {},
    cycles: 4,
    kills: 1,
    seed: 1,
    signal: AbortSignal.any([signal, AbortSignal.timeout(suiteMs)]),
  });
  assert.deepEqual(
    report.results.map(({ id }) => id).sort(),
    [...new Set(ids)].sort(),
    "the items that were run",
  );
  return report.results;
}
