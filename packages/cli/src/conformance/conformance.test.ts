import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../test-support/run.ts";

test("--list shows each item, and needs no back end", async () => {
  const { code, stdout } = await run(["conformance", "--list"]);
  assert.equal(code, 0);
  assert.match(stdout, /^restore\/elsewhere +A snapshot restores on another worker/m);
  const { stdout: some } = await run(["conformance", "--list", "--json", "--item", "leaks/"]);
  assert.deepEqual(
    (JSON.parse(some) as { id: string }[]).map(({ id }) => id),
    ["leaks/cycles"],
  );
});

test("wrong usage is told before anything is done", async () => {
  const wrong: readonly (readonly [string[], RegExp])[] = [
    [[], /say which back end/],
    [["--socket", "/tmp/other.sock"], /should be BASE\/ateoms\/UID\/ateom.sock/],
    [["--socket", "/b/ateoms/u/ateom.sock"], /needs --worker-address/],
    [["--socket", "/b/ateoms/u/ateom.sock", "--", "/bin/true"], /either --socket or/],
    [["--asset", "runsc=relative", "--", "/bin/true"], /should be an absolute path/],
    [["--scopes", "all", "--", "/bin/true"], /should be full or data/],
    [["--item", "nothing/", "--", "/bin/true"], /no item begins with nothing/],
    [["--config", "/no/such/file"], /cannot read \/no\/such\/file \(ENOENT\)/],
    [["--cycles", "0", "--", "/bin/true"], /whole number/],
    [["--kills", "1001", "--", "/bin/true"], /whole number/],
  ];
  for (const [argv, message] of wrong) {
    const { code, stderr } = await run(["conformance", ...argv]);
    assert.equal(code, 2, argv.join(" "));
    assert.match(stderr, message);
  }
});
