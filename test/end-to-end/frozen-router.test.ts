// L14: a router that slept through a reassignment answers from the right actor all the same.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { applyTemplate, createActor } from "../support/actors.ts";
import { counterTemplate } from "../support/counter-template.ts";
import { importProgram } from "../support/programs.ts";
import { serverPid } from "../support/server-process.ts";
import { type Substrate, startSubstrate } from "../support/start-substrate.ts";

let substrate: Substrate;

before(async () => {
  substrate = await startSubstrate({ workers: 1 });
  const image = await importProgram(substrate, "counter");
  await applyTemplate(substrate, counterTemplate({ name: "counter", image }));
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
});

test("a router that was stopped while its worker changed hands does not mix two actors up", async () => {
  const before = await createActor(substrate, "counter", "before");
  const next = await createActor(substrate, "counter", "next");
  assert.equal((await before.request("/whoami")).text, "before");
  const pid = await serverPid(substrate, "atenet");
  process.kill(pid, "SIGSTOP");
  const held = before.request("/whoami");
  try {
    // The one worker changes hands, which the control plane allows once the router's lease has ended.
    await before.suspend();
    await next.resume();
    // The request has reached the router's socket by now; it could not be read.
    await wait(50);
  } finally {
    process.kill(pid, "SIGCONT");
  }
  assert.equal((await held).text, "before");
  assert.equal((await next.request("/whoami")).text, "next");
});
