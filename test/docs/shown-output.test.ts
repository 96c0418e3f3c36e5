import assert from "node:assert/strict";
import { test } from "node:test";
import { codeBlocks } from "./code-blocks.ts";
import { linesNotPrinted } from "./shown-output.ts";

const notPrinted = (shown: string, output: string) =>
  linesNotPrinted(codeBlocks(`\`\`\`console\n${shown}\n\`\`\``), output);

test("what differs each time is not compared", () => {
  const shown = "worker-0a1b2c3d   took 61.0 ms\nleft … right";
  assert.deepEqual(notPrinted(shown, "noise\nworker-ffffffff  took 7.25 ms\nleft and right\n"), []);
});

test("what is not printed is told with its line", () => {
  assert.deepEqual(notPrinted("count 3\n\ncount 4", "count 3\n"), [{ line: 4, text: "count 4" }]);
  assert.equal(notPrinted("a", "a b").length, 1);
});
