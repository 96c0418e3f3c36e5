// Back ends that are nobody's of this repository, deployed by resources alone beside gVisor.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { JsonObject } from "@bufbuild/protobuf";
import { applyTemplate, createActor } from "../support/actors.ts";
import { counterTemplate } from "../support/counter-template.ts";
import { nextEvent } from "../support/next-event.ts";
import { importProgram } from "../support/programs.ts";
import { type Substrate, startSubstrate } from "../support/start-substrate.ts";
import { prepareGoBackEnd, preparePythonBackEnd } from "../support/strangers.ts";

let substrate: Substrate;
let image: string;

before(async () => {
  const [python, go, runsc] = await Promise.all([preparePythonBackEnd(), prepareGoBackEnd(), runscAsset()]);
  substrate = await startSubstrate({ workers: 1 });
  image = await importProgram(substrate, "counter");
  await deployClass("process-python", { localCommand: python });
  const assets = { [process.arch === "arm64" ? "arm64" : "amd64"]: { runsc } };
  await deployClass("go-minimal", { localCommand: go, fixedBasePath: true, assets });
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
});

test("actors of a stranger's class and of gVisor live side by side", async () => {
  await applyTemplate(substrate, templateOf("gvisor", { durable: true }));
  await applyTemplate(substrate, templateOf("process-python", dataOnly));
  const foreign = await createActor(substrate, "counter-process-python", "foreign");
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
  await applyTemplate(substrate, templateOf("process-python", { ...dataOnly, name: "moving" }));
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
  await applyTemplate(substrate, { ...templateOf("process-python", { ...dataOnly, image: probe, name }) });
  const actor = await createActor(substrate, name, name);
  assert.equal((await actor.request("/whoami")).text, name);
  const lost = await nextEvent(substrate, name, "WorkerLost");
  await actor.request("/exit?code=3").catch(() => undefined);
  assert.match(await lost.happened, /exited with code 3/);
  assert.equal((await actor.request("/whoami")).text, name);
});

test("a back end of the base contract alone keeps memory and files, on any of its workers", async () => {
  await applyTemplate(substrate, templateOf("go-minimal", { durable: true }));
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

const dataOnly = { durable: true, onPause: "Data", onCommit: "Data" } as const;

type CounterOptions = Partial<Parameters<typeof counterTemplate>[0]>;

function templateOf(sandboxClass: string, options: CounterOptions): JsonObject {
  const template = counterTemplate({ name: `counter-${sandboxClass}`, image, ...options });
  return { ...template, spec: { ...(template.spec as JsonObject), sandboxClass } };
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

async function deployClass(sandboxClass: string, config: JsonObject): Promise<void> {
  const apiVersion = "ate.dev/v1alpha1";
  const objects: JsonObject[] = [
    {
      apiVersion,
      kind: "SandboxConfig",
      metadata: { name: sandboxClass },
      spec: { sandboxClass, default: true, ...config },
    },
    {
      apiVersion,
      kind: "WorkerPool",
      metadata: { name: sandboxClass, namespace: "default" },
      spec: { sandboxClass, replicas: 2 },
    },
  ];
  for (const object of objects) await substrate.client.resources.applyResource({ object });
}

async function runscAsset() {
  const path = process.env.SUBSTRATE_RUNSC;
  if (!path) throw new Error("SUBSTRATE_RUNSC names no runsc: run this as setup/run-tests.sh does");
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  return { url: pathToFileURL(path).href, sha256 };
}
