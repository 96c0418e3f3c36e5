// The way that every user goes, on real sandboxes: behaviours 1 to 5, 7 and 8.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { applyTemplate, createActor } from "../support/actors.ts";
import { counterTemplate } from "../support/counter-template.ts";
import { importProgram } from "../support/programs.ts";
import { type Substrate, startSubstrate } from "../support/start-substrate.ts";

interface Counts {
  readonly actorId: string;
  readonly memory: number;
  readonly file: number;
}

let substrate: Substrate;

before(async () => {
  substrate = await startSubstrate();
  const image = await importProgram(substrate, "counter");
  await applyTemplate(substrate, counterTemplate({ name: "counter", image }));
  await applyTemplate(substrate, counterTemplate({ name: "silent", image, readyz: false }));
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
});

test("a new actor is listed, suspended, with its template", async () => {
  await substrate.client.control.createAtespace({ name: "listed" });
  await createActor(substrate, "counter", "ann", "listed");
  const { actors } = await substrate.client.control.listActors({ atespace: "listed" });
  assert.deepEqual(
    actors.map((actor) => [actor.actorId, actor.actorTemplateName, actor.status]),
    [["ann", "counter", 4]],
  );
});

test("memory and file go on over a pause and a suspend", async () => {
  const actor = await createActor(substrate, "counter", "goes-on");
  const count = async () => {
    const answer = await actor.request("/", { method: "POST" });
    assert.equal(answer.status, 200, answer.text);
    return answer.json<Counts>();
  };
  await actor.resume();
  assert.equal(await actor.status(), "RUNNING");
  assert.deepEqual(await count(), { actorId: "goes-on", memory: 1, file: 1 });
  await actor.pause();
  assert.equal(await actor.status(), "PAUSED");
  await actor.resume();
  assert.deepEqual(await count(), { actorId: "goes-on", memory: 2, file: 2 });
  await actor.suspend();
  assert.equal(await actor.status(), "SUSPENDED");
  await actor.resume();
  assert.deepEqual(await count(), { actorId: "goes-on", memory: 3, file: 3 });
});

test("a request wakes an actor, and tells where the time went", async () => {
  const actor = await createActor(substrate, "counter", "woken");
  const answer = await actor.request("/");
  assert.deepEqual(answer.json(), { actorId: "woken", memory: 1, file: 1 });
  const entries = String(answer.headers["server-timing"]).split(", ");
  const durations = new Map(entries.map((entry) => entry.split(";dur=") as [string, string]));
  const total = Number(durations.get("total"));
  durations.delete("total");
  const sum = [...durations.values()].reduce((all, duration) => all + Number(duration), 0);
  assert.ok(Math.abs(sum - total) < 0.5, `${sum} of ${total} in ${entries.join(", ")}`);
});

test("a deleted actor is not found", async () => {
  const actor = await createActor(substrate, "counter", "short-lived");
  await actor.request("/");
  await actor.suspend();
  await actor.delete();
  await assert.rejects(actor.get(), (error) => ConnectError.from(error).code === Code.NotFound);
  assert.equal((await actor.request("/")).status, 404);
});

test("each of two actors of one golden snapshot has its own id", async () => {
  const actors = await Promise.all(["one", "other"].map((name) => createActor(substrate, "silent", name)));
  for (const actor of actors) {
    await actor.resume();
    assert.equal((await actor.request("/whoami")).text, actor.actorRef.name);
  }
});

test("more actors than workers take turns, and none loses count", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const actors = await Promise.all(names.map((name) => createActor(substrate, "counter", `turn-${name}`)));
  for (const round of [1, 2, 3]) {
    for (const actor of actors) {
      const answer = await actor.request("/");
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(answer.json(), { actorId: actor.actorRef.name, memory: round, file: round });
    }
  }
});

test("requests for many sleeping actors at once are all answered by the right one", async () => {
  const names = Array.from({ length: 8 }, (_, index) => `crowd-${index}`);
  const actors = await Promise.all(names.map((name) => createActor(substrate, "counter", name)));
  const answers = await Promise.all(actors.map((actor) => actor.request("/")));
  assert.deepEqual(
    answers.map((answer) => (answer.status === 200 ? answer.json<Counts>().actorId : answer.text)),
    names,
  );
});
