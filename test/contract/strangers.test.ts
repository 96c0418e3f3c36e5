// Back ends that are nobody's of this repository, deployed by resources alone beside gVisor.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { applyTemplate, createActor } from "../support/actors.ts";
import { counterTemplate } from "../support/counter-template.ts";
import { deployStrangers, strangerTemplate } from "../support/deploy-strangers.ts";
import { nextEvent } from "../support/next-event.ts";
import { importProgram } from "../support/programs.ts";
import { type Substrate, startSubstrate } from "../support/start-substrate.ts";

let substrate: Substrate;
let image: string;

before(async () => {
  substrate = await startSubstrate({ workers: 1 });
  image = await importProgram(substrate, "counter");
  await deployStrangers(substrate);
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
});

test("actors of a stranger's class and of gVisor live side by side", async () => {
  await applyTemplate(substrate, counterTemplate({ name: "counter-gvisor", image, durable: true }));
  await applyTemplate(substrate, strangerTemplate("process-python", { name: "counter-process", image }));
  const foreign = await createActor(substrate, "counter-process", "foreign");
  const own = await createActor(substrate, "counter-gvisor", "own");
  const count = async (actor: typeof own) => (await actor.request("/")).json<Counts>();
  assert.deepEqual(await count(foreign), { actorId: "foreign", memory: 1, file: 1 });
  assert.deepEqual(await count(own), { actorId: "own", memory: 1, file: 1 });
  for (const actor of [foreign, own]) await actor.suspend();
  // Its class keeps the durable directory; memory begins anew.
  assert.deepEqual(await count(foreign), { actorId: "foreign", memory: 1, file: 2 });
  assert.deepEqual(await count(own), { actorId: "own", memory: 2, file: 2 });
});

test("a process goes on, on another worker, with its durable directory", async () => {
  await applyTemplate(substrate, strangerTemplate("process-python", { name: "moving", image }));
  const actor = await createActor(substrate, "moving", "moving");
  const first = await actor.resume();
  await actor.request("/fs");
  await actor.suspend();
  const squatter = await occupy(first.ateomPodUid, "moving");
  const second = await actor.resume();
  assert.notEqual(second.ateomPodUid, first.ateomPodUid);
  assert.equal((await actor.request("/fs")).text, "2");
  for (const { suspend } of [actor, ...squatter]) await suspend();
});

test("a process whose program ended is told, and its worker serves the next", async () => {
  const name = "ending";
  const probe = await importProgram(substrate, "probe");
  await applyTemplate(substrate, strangerTemplate("process-python", { name, image: probe }));
  const actor = await createActor(substrate, name, name);
  assert.equal((await actor.request("/whoami")).text, name);
  const lost = await nextEvent(substrate, name, "WorkerLost");
  await actor.request("/exit?code=3").catch(() => undefined);
  assert.match(await lost.happened, /exited with code 3/);
  assert.equal((await actor.request("/whoami")).text, name);
});

test("a back end of the base contract alone keeps memory and files, on any of its workers", async () => {
  await applyTemplate(substrate, strangerTemplate("go-minimal", { name: "counter-go-minimal", image }));
  const actor = await createActor(substrate, "counter-go-minimal", "based");
  const count = async () => (await actor.request("/")).json<Counts>();
  const first = await actor.resume();
  assert.deepEqual(await count(), { actorId: "based", memory: 1, file: 1 });
  await actor.pause();
  assert.deepEqual(await count(), { actorId: "based", memory: 2, file: 2 });
  await actor.suspend();
  const squatters = await occupy(first.ateomPodUid, "counter-go-minimal");
  const last = await actor.resume();
  assert.notEqual(last.ateomPodUid, first.ateomPodUid);
  assert.deepEqual(await count(), { actorId: "based", memory: 3, file: 3 });
  for (const { suspend } of [actor, ...squatters]) await suspend();
});

interface Counts {
  readonly actorId: string;
  readonly memory: number;
  readonly file: number;
}

/** Wakes others of the template until one holds the worker; answers those that are awake. */
async function occupy(workerUid: string, template: string) {
  const first = await createActor(substrate, template, `${template}-squatter-1`);
  if ((await first.resume()).ateomPodUid === workerUid) return [first];
  const second = await createActor(substrate, template, `${template}-squatter-2`);
  assert.equal((await second.resume()).ateomPodUid, workerUid);
  await first.suspend();
  return [second];
}
