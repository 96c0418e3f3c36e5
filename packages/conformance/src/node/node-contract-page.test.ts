import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { nodeItems } from "./items/index.ts";
import { nodeContractPage } from "./node-contract-page.ts";
import { nodeRules } from "./node-rules.ts";

const page = new URL("../../../../docs/reference/node-contract.md", import.meta.url);

test("the page of the contract tells the rules and the items as they are", async () => {
  assert.equal(await readFile(page, "utf8"), nodeContractPage());
});

test("each item has a name of its own, and each rule that a node must keep is proved", () => {
  const ids = nodeItems.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  const proved = new Set<string>(nodeItems.map(({ rule }) => rule));
  for (const [anchor, { level, untested }] of Object.entries(nodeRules)) {
    if (level === "MUST" && untested === undefined) assert.ok(proved.has(anchor), anchor);
  }
});
