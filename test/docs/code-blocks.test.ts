import assert from "node:assert/strict";
import { test } from "node:test";
import { codeBlocks } from "./code-blocks.ts";

test("blocks are told apart by their info strings", () => {
  const markdown = [
    ...["# Title", "```sh", "one", "", "two", "```"],
    ...["```sh not-run: needs another machine", "three", "```"],
    ...["~~~yaml app.yaml", "kind: Secret", "```", "~~~", "```text", "```"],
    ...["```ts folder/main.ts", "five", "```"],
  ];
  assert.deepEqual(codeBlocks(markdown.join("\n")), [
    { language: "sh", text: "one\n\ntwo\n", line: 2 },
    { language: "sh", text: "three\n", line: 7, notRun: "needs another machine" },
    { language: "yaml", text: "kind: Secret\n```\n", line: 10, file: "app.yaml" },
    { language: "text", text: "", line: 14 },
    { language: "ts", text: "five\n", line: 16, file: "folder/main.ts" },
  ]);
});

for (const info of ["", "bash", "sh not-run:", "sh not-run", "yaml ../app.yaml", "sh /app.sh", "json x"]) {
  test(`an info string that means nothing is refused: ${JSON.stringify(info)}`, () => {
    assert.throws(() => codeBlocks(`text\n\`\`\`${info}\n\`\`\`\n`), /line 2: unknown info string/);
  });
}

test("a block without an end is refused", () => {
  assert.throws(() => codeBlocks("```sh\nls\n"), /line 1: the block does not end/);
});
