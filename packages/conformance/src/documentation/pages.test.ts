import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { items } from "../items/index.ts";
import { rules } from "../rules/index.ts";
import { backEndContractPage } from "./back-end-contract-page.ts";
import { itemPages } from "./item-pages.ts";

const reference = new URL("../../../../docs/reference/", import.meta.url);
const read = (path: string) => readFile(new URL(path, reference), "utf8");

test("the page of the contract tells the rules and the items as they are", async () => {
  assert.equal(await read("back-end-contract.md"), backEndContractPage());
});

test("each group of items has its page, and there is no other", async () => {
  const pages = itemPages();
  for (const [group, text] of pages) assert.equal(await read(`conformance/${group}.md`), text);
  const files = await readdir(new URL("conformance/", reference));
  assert.deepEqual(files.sort(), [...pages.keys()].map((group) => `${group}.md`).sort());
});

test("each item has an id of its own in kebab-case, and says what it does", () => {
  const ids = items.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, title, about, mistakes } of items) {
    assert.match(id, /^[a-z]+\/[a-z]+(-[a-z]+)*$/);
    for (const text of [title, about, mistakes]) assert.match(text, /\.$/, `${id}: ${text}`);
  }
});

test("each rule that a back end must keep is proved, or says why not; never both", () => {
  const proved = new Set<string>(items.map(({ rule }) => rule));
  for (const [anchor, { level, untested }] of Object.entries(rules)) {
    if (untested !== undefined) assert.ok(!proved.has(anchor), `${anchor} is proved after all`);
    else if (level === "MUST") assert.ok(proved.has(anchor), `${anchor} is not proved`);
  }
});
