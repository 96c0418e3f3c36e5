// The demo is what people see first: it must be right, and leave nothing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { differences, readHostState } from "../support/host-state.ts";
import { runCommand } from "../support/start-substrate.ts";

const launcher = resolve(import.meta.dirname, "../../substrate");

test("the demo's answers are all right, its wakes are explained, and nothing is left", async () => {
  const before = await readHostState();
  const { code, stdout, stderr } = await runCommand(["demo"]);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /^round +actor +worker +memory +file +total ms .*other$/m);
  assert.match(stdout, /48 answers of 12 actors on 2 workers/);
  assert.deepEqual(differences(before, await readHostState()), []);
});

test("an interrupted demo leaves nothing", async () => {
  const before = await readHostState();
  const demo = spawn(launcher, ["demo"], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(demo, "exit");
  // The moment at which most is there: servers, workers, an image, a golden actor in the making.
  for await (const line of createInterface({ input: demo.stdout })) {
    if (/image/.test(line)) demo.kill("SIGINT");
  }
  await exited;
  assert.deepEqual(differences(before, await readHostState()), []);
});
