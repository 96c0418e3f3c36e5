// A stranger's back end that is killed at any moment of a call loses no committed snapshot and strands no actor.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { type ActorHandle, applyTemplate, createActor } from "../support/actors.ts";
import { deployStrangers, strangerTemplate } from "../support/deploy-strangers.ts";
import { importProgram } from "../support/programs.ts";
import { type Substrate, startSubstrate } from "../support/start-substrate.ts";

/** Calls that are hit, of each kind. Few: a node waits ever longer before it starts a back end that dies again. */
const rounds = 2;
/** Calls of both classes take about so long on an idle machine. */
const callMs = 250;

let substrate: Substrate;
let image: string;

before(async () => {
  substrate = await startSubstrate({ workers: 0 });
  image = await importProgram(substrate, "counter");
  await deployStrangers(substrate);
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
});

for (const sandboxClass of ["process-python", "go-minimal"] as const) {
  test(`${sandboxClass}: what was committed is there after each kill, and the actor wakes`, async (t) => {
    const name = `killed-${sandboxClass}`;
    await applyTemplate(substrate, strangerTemplate(sandboxClass, { image, name }));
    const actor = await createActor(substrate, name, name);
    let committed = 0;
    for (let round = 0; round < rounds; round += 1) {
      const delayMs = Math.random() * callMs;
      t.diagnostic(`round ${round}: kills after ${delayMs.toFixed(0)} ms`);
      const woken = await hit(actor.resume(), delayMs);
      t.diagnostic(`resume: ${woken}`);
      const first = await countInFile(actor);
      assert.equal(first, committed + 1);
      const stored = await hit(actor.suspend(), delayMs);
      t.diagnostic(`suspend: ${stored}`);
      const second = await countInFile(actor);
      const expected = stored === "done" ? [first + 1] : [committed + 1, first + 1];
      assert.ok(expected.includes(second), `${second} is none of ${expected}`);
      await actor.suspend();
      committed = second;
    }
  });
}

/** Kills all back ends of strangers a while after the call began; tells how the call ended. */
async function hit(call: Promise<unknown>, delayMs: number): Promise<string> {
  const outcome = call.then(
    () => "done",
    (error: Error) => error.message,
  );
  await wait(delayMs);
  for (const pid of await strangerPids()) process.kill(pid, "SIGKILL");
  return outcome;
}

/** Of this substrate alone: the back ends themselves, not what starts and reaps them. */
async function strangerPids(): Promise<number[]> {
  const { workers } = await substrate.client.control.listWorkers({});
  const uids = workers.map(({ workerPodUid }) => `--pod-uid=${workerPodUid}`);
  const pids: number[] = [];
  for (const name of await readdir("/proc")) {
    const command = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    const [program = "", ...args] = command.split("\0");
    const isStarter = /(^|\/)(tini|unshare|nsenter|sh|env)$/.test(program);
    if (!isStarter && args.some((arg) => uids.includes(arg))) pids.push(Number(name));
  }
  return pids;
}

/** A worker may be lost under the first request, and others be on their way. */
async function countInFile(actor: ActorHandle): Promise<number> {
  const deadline = AbortSignal.timeout(60_000);
  for (;;) {
    const { status, text } = await actor.request("/fs");
    if (status === 200) return Number(text);
    assert.ok(!deadline.aborted && [500, 502, 503, 504].includes(status), `${status}: ${text}`);
    await wait(100, undefined, { signal: deadline });
  }
}
