// The reference knows what the code has: each error code and each field.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { resourceJsonSchemas } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import { linesOutsideBlocks } from "./code-blocks.ts";
import { checkout } from "./documents.ts";
import { anchorsOf } from "./links.ts";

const read = (path: string) => readFile(join(checkout, path), "utf8");

test("errors.md has an anchor for every code of the router and of the API", async () => {
  const anchors = anchorsOf(await read("docs/reference/errors.md"));
  const [, union = ""] =
    /type RefusalCode =([^;]*);/.exec(await read("packages/atenet/src/refusal.ts")) ?? [];
  const codes = [...union.matchAll(/"([a-z-]+)"|`([a-z-]+)-\$\{string\}`/g)].map(
    (found) => found[1] ?? found[2] ?? "",
  );
  assert.ok(codes.includes("wake-timeout") && codes.includes("control-plane"));
  assert.deepEqual(
    codes.filter((code) => !anchors.has(code)),
    [],
  );
  // Codes that nothing answers with.
  const unused = [Code.Unknown, Code.OutOfRange, Code.DataLoss];
  const names = Object.values(Code).filter((code) => typeof code === "number" && !unused.includes(code));
  const expected = names.map((code) => Code[code as Code].replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase());
  assert.deepEqual(
    expected.filter((name) => !anchors.has(name)),
    [],
  );
});

test("resources.md tells of every field", async () => {
  const text = await read("docs/reference/resources.md");
  assert.deepEqual(
    missingFrom(text, [...new Set(Object.values(resourceJsonSchemas()).flatMap(fieldsOf))]),
    [],
  );
});

/** Names of properties at any depth. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    const names = key === "properties" ? Object.keys(value as object) : [];
    return [...names, ...fieldsOf(value)];
  });
}

/** Words that stand nowhere in code of the text: between backticks, or in a heading. */
function missingFrom(text: string, words: readonly string[]): string[] {
  const code = [
    ...linesOutsideBlocks(text)
      .join("\n")
      .matchAll(/`[^`]+`|^#.*$/gm),
  ]
    .map(([found]) => found)
    .join(" ");
  const known = new Set(code.match(/-*[A-Za-z][\w-]*/g));
  return words.filter((word) => word !== "" && !known.has(word));
}
