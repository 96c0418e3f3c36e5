import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);

test("who is not root is told the line to type, with every word as it was", async () => {
  const program = `
    const { requireRoot } = await import(${JSON.stringify(import.meta.resolve("./require-root.ts"))});
    try { requireRoot("up", ["up", "--data", "/srv/two words"]); } catch (error) { console.log(error.message); }`;
  const words = ["--reuid=4242", "--regid=4242", "--clear-groups", process.execPath];
  const { stdout } = await run("setpriv", [...words, "--input-type=module", "-e", program], { cwd: "/" });
  assert.match(stdout, /needs root .*: sudo \.\/substrate up --data '\/srv\/two words'\n$/);
});
