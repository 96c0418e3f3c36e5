// The kit itself, without any sandbox: what the suite proves of the fake, the kit does for every author.
import assert from "node:assert/strict";
import { test } from "node:test";
import { notPassed, wholeSuite } from "../support/whole-suite.ts";

const fake = new URL("../../packages/ateom-kit/src/fake/bundle/main.ts", import.meta.url);

test("the kit's fake passes every item but those of what it does not declare", async (context) => {
  const run = await wholeSuite(fake, { cycles: 20, kills: 3 }, context.signal);
  const others = notPassed(run);
  assert.deepEqual(
    others.filter(([, outcome]) => outcome !== "not-declared"),
    [],
  );
  assert.ok(
    others.every(([id]) => /^(assets|extensions)\//.test(id)),
    String(others),
  );
});
