// What the documents tell people to type works, in the order in which they tell it.
import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { parseYamlResources } from "@agent-substrate/contract";
import { runInOwnWorld } from "../support/own-world.ts";
import { codeBlocks } from "./code-blocks.ts";
import { checkout, type Document, readDocuments, sessionOf } from "./documents.ts";
import { anchorsOf, linksOf } from "./links.ts";
import type { SessionReport } from "./run-in-world.ts";
import { linesNotPrinted } from "./shown-output.ts";

const documents = await readDocuments();
const anyImage = `local/image@sha256:${"0".repeat(64)}`;

test("there are documents, and blocks in them to run", () => {
  assert.ok(documents.some(({ path }) => path.startsWith("docs/guides/")));
  assert.ok(documents.flatMap(sessionOf).length > 0);
});

for (const document of documents) {
  test(`${document.path}: every block is of a known kind, and its data can be read`, () => {
    for (const { language, text, line } of codeBlocks(document.text)) {
      const file = `${document.path}:${line}`;
      if (language === "json") assert.doesNotThrow(() => JSON.parse(text), file);
      if (language !== "yaml" || !/^kind:/m.test(text)) continue;
      assert.ok(
        parseYamlResources(text.replace(/\b([A-Z]+_)?IMAGE\b/g, anyImage), { file }).length > 0,
        file,
      );
    }
  });

  test(`${document.path}: what it links to is there`, async () => {
    for (const { target, line } of linksOf(document.text)) {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? document.path : join(dirname(document.path), path);
      const where = `${document.path}:${line}: ${target}`;
      await assert.doesNotReject(access(resolve(checkout, file)), where);
      const linked = documents.find((other) => other.path === file);
      if (anchor !== undefined && linked) assert.ok(anchorsOf(linked.text).has(anchor), where);
    }
  });

  if (sessionOf(document).length > 0) {
    test(`${document.path}: what it says to type works, prints what it shows, and leaves nothing`, async () => {
      const { code, output, line, left } = await runSession(document);
      assert.equal(code, 0, `${document.path}:${line} failed:\n${output}`);
      assert.deepEqual(linesNotPrinted(codeBlocks(document.text), output), [], output);
      assert.deepEqual(left, []);
    });
  }
}

async function runSession({ path }: Document): Promise<SessionReport> {
  return JSON.parse(await runInOwnWorld(resolve(import.meta.dirname, "run-in-world.ts"), path));
}
