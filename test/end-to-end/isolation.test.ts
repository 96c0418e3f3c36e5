// Nothing of one actor is visible to another, least of all to the next one on its worker.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { applyTemplate, createActor } from "../support/actors.ts";
import { probeTemplate } from "../support/probe-template.ts";
import { importProgram } from "../support/programs.ts";
import { type Substrate, startSubstrate } from "../support/start-substrate.ts";

let substrate: Substrate;

before(async () => {
  // One worker, so that every actor follows another one on it.
  substrate = await startSubstrate({ workers: 1 });
  await applyTemplate(substrate, probeTemplate(await importProgram(substrate, "probe")));
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
});

test("two actors of one name in two atespaces are two actors", async () => {
  for (const name of ["red", "blue"]) await substrate.client.control.createAtespace({ name });
  const red = await createActor(substrate, "probe", "same", "red");
  const blue = await createActor(substrate, "probe", "same", "blue");
  await red.request("/remember?text=of-red");
  assert.deepEqual((await blue.request("/remembered")).json(), []);
  await blue.request("/remember?text=of-blue");
  assert.deepEqual((await red.request("/remembered")).json(), ["of-red"]);
  assert.deepEqual((await blue.request("/remembered")).json(), ["of-blue"]);
});

test("files and processes of an actor are not there for the next one on its worker", async () => {
  const first = await createActor(substrate, "probe", "first");
  const next = await createActor(substrate, "probe", "next");
  for (const path of ["/tmp/mine", "/root/mine", "/srv/mine"]) {
    assert.equal((await first.request(`/write?path=${path}&text=secret`)).text, "written");
  }
  const firstWorker = (await first.get()).ateomPodUid;
  for (const folder of ["/tmp", "/root", "/srv"]) {
    const names = (await next.request(`/list?path=${folder}`)).json<string[]>();
    assert.ok(!names.includes("mine"), `${folder} holds ${names}`);
  }
  assert.equal((await next.get()).ateomPodUid, firstWorker);
  const processes = (await next.request("/processes")).json<string[]>();
  assert.equal(processes.filter((line) => line.includes("node")).length, 1, processes.join("; "));
  assert.equal((await first.request("/read?path=/root/mine")).text, "secret");
});

test("an actor sees its own identity, and cannot change it", async () => {
  const actor = await createActor(substrate, "probe", "itself");
  assert.equal((await actor.request("/read?path=/run/ate/actor-id")).text, "itself");
  const refused = await actor.request("/write?path=/run/ate/actor-id&text=other");
  assert.equal(refused.status, 500);
  assert.equal(refused.text, "EROFS");
  assert.deepEqual((await actor.request("/list?path=/run/ate")).json(), ["actor-id"]);
});

test("a connection that was open over a suspend never answers for the next actor", async () => {
  const [one, other] = await Promise.all(
    ["conn-one", "conn-other"].map((id) => createActor(substrate, "probe", id)),
  );
  assert.ok(one && other);
  const streamed = one.request("/events?count=200&ms=20");
  await one.request("/whoami");
  const answers = await Promise.all([streamed.catch(() => undefined), other.request("/whoami")]);
  assert.equal(answers[1].text, "conn-other");
  assert.equal((await one.request("/whoami")).text, "conn-one");
});
