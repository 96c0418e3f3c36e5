import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { FakeCheckout } from "./fake-checkout.ts";

const passing = 'import { test } from "node:test";\ntest("passes", () => {});\n';

const unitTests = (checkout: FakeCheckout, args: readonly string[] = []) =>
  checkout.run("sh", [join(checkout.root, "setup/run-tests.sh"), "unit", ...args]);

test("a run without a test fails", async () => {
  await using checkout = await FakeCheckout.create();
  assert.equal((await unitTests(checkout)).code, 1);

  await checkout.write("packages/a/src/a.test.ts", "export {};\n");
  await checkout.write(
    "packages/a/src/b.test.ts",
    'import { test } from "node:test";\ntest.skip("skipped", () => {});\n',
  );
  const outcome = await unitTests(checkout);
  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /no test ran/);
});

test("a run ends with the summary of the runner and its verdict", async () => {
  await using checkout = await FakeCheckout.create();
  await checkout.write("packages/a/src/deep/a.test.ts", passing);
  await checkout.write("test/end-to-end.test.ts", 'throw new Error("no unit test");\n');

  const passed = await unitTests(checkout);
  assert.equal(passed.code, 0, passed.stdout + passed.stderr);
  assert.match(passed.stdout, /ℹ pass 1\nℹ fail 0/);

  await checkout.write(
    "packages/b/src/b.test.ts",
    'import { test } from "node:test";\ntest("x", () => { throw new Error(); });\n',
  );
  const failed = await unitTests(checkout);
  assert.equal(failed.code, 1);
  assert.match(failed.stdout, /ℹ pass 1\nℹ fail 1/);

  const chosen = await unitTests(checkout, ["packages/a/src/deep/a.test.ts"]);
  assert.equal(chosen.code, 0);
});

test("end-to-end tests find the runtime in SUBSTRATE_RUNSC and Node.js 24 on the PATH", async () => {
  await using checkout = await FakeCheckout.create();
  const runsc = await checkout.write("runsc", "#!/bin/sh\n", 0o755);
  await checkout.write(
    "test/a.test.ts",
    `import assert from "node:assert/strict";
     import { execFileSync } from "node:child_process";
     import { test } from "node:test";
     test("has both", () => {
       assert.equal(process.env.SUBSTRATE_RUNSC, ${JSON.stringify(runsc)});
       assert.equal(execFileSync("node", ["--version"], { encoding: "utf8" }).trim(), process.version);
     });\n`,
  );
  const outcome = await checkout.run(
    "sh",
    [join(checkout.root, "setup/run-tests.sh"), "all", "test/a.test.ts"],
    {
      env: { SUBSTRATE_RUNSC: runsc },
    },
  );
  assert.equal(outcome.code, 0, outcome.stdout + outcome.stderr);
});

test("end-to-end tests without root are refused", async () => {
  await using checkout = await FakeCheckout.create();
  const outcome = await checkout.run("sh", [join(checkout.root, "setup/run-tests.sh"), "all"], {
    withoutRoot: true,
  });
  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /^substrate: the end-to-end tests need root: /);
});
