// What people type, one after the other, as the guides tell it.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { requestActor } from "../support/actor-request.ts";
import { type CommandResult, type Substrate, startSubstrate } from "../support/start-substrate.ts";

const counter = resolve(import.meta.dirname, "../../demos/counter");

let substrate: Substrate;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "substrate-commands-"));
  substrate = await startSubstrate();
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command that must succeed; its stdout without the last newline. */
async function run(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await substrate.command(...words);
  assert.equal(code, 0, `substrate ${words.join(" ")}: ${stderr}`);
  return stdout.trimEnd();
}

function refused(...words: string[]): Promise<CommandResult> {
  return substrate.command(...words);
}

test("from a folder to an answer", async () => {
  const build = ["image", "build", counter, "--program", "node", "--name", "counter"];
  const image = await run(...build, "--entrypoint", "node", "--entrypoint", "/counter.js");
  assert.match(image, /^local\/counter@sha256:[0-9a-f]{64}$/);
  const template = await readFile(join(counter, "template.yaml"), "utf8");
  const file = join(folder, "counter.yaml");
  await writeFile(file, template.replaceAll("IMAGE", image));
  await run("apply", "-f", file);
  await run("create", "atespace", "lab");
  await run("create", "actor", "ann", "--template", "default/counter", "-a", "lab");
  // Its first wake waits for the template's golden snapshot.
  const answer = await requestActor(substrate.router, { actor: "ann.lab" });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json(), { actorId: "ann", memory: 1, file: 1 });
});

test("tables, names and the protobuf JSON of one actor", async () => {
  const table = (await run("get", "actors", "-a", "lab")).split("\n");
  assert.match(table[0] ?? "", /^ATESPACE +TEMPLATE NS +TEMPLATE +ID +STATUS +ATEOM POD +ATEOM IP +VERSION$/);
  assert.match(table[1] ?? "", /^lab +default +counter +ann +RUNNING +gvisor-\S+ +\d+\.\d+\.\d+\.\d+ +\d+$/);
  const json = JSON.parse(await run("get", "actor", "ann", "-a", "lab", "-o", "json"));
  assert.equal(json.actors[0].actorId, "ann");
  const workers = await run("get", "workers");
  assert.match(workers, /^NAMESPACE +POOL +POD +STATUS +ASSIGNED ACTOR$/m);
  assert.match(workers, /ASSIGNED +lab\/ann$/m);
  assert.match(workers, /FREE/);
});

test("suspend, resume and pause say what the actor is now", async () => {
  for (const [verb, status] of [
    ["suspend", "SUSPENDED"],
    ["resume", "RUNNING"],
    ["pause", "PAUSED"],
  ] as const) {
    await run(verb, "actor", "ann", "-a", "lab");
    assert.match(await run("get", "actor", "ann", "-a", "lab"), new RegExp(`\\b${status}\\b`));
  }
});

test("an actor's output is kept over every worker that it was on", async () => {
  await requestActor(substrate.router, { actor: "ann.lab" });
  const lines = (await run("logs", "actors", "ann", "-a", "lab")).split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).memory),
    [1, 2],
  );
});

test("events tell of the wake and its phases", async () => {
  assert.match(await run("get", "events", "-a", "lab"), /Resumed +lab\/ann/);
});

test("what cannot be done is refused with the object's name", async () => {
  await run("pause", "actor", "ann", "-a", "lab");
  const paused = await refused("delete", "actor", "ann", "-a", "lab");
  assert.equal(paused.code, 1);
  assert.match(paused.stderr, /lab\/ann.*FAILED_PRECONDITION/s);
  const unknown = await refused("resume", "actor", "nobody", "-a", "lab");
  assert.match(unknown.stderr, /lab\/nobody.*NOT_FOUND/s);
  const full = await refused("delete", "atespace", "lab");
  assert.match(full.stderr, /lab.*FAILED_PRECONDITION/s);
});

test("what was made is removed", async () => {
  await run("suspend", "actor", "ann", "-a", "lab");
  await run("delete", "actor", "ann", "-a", "lab");
  await run("delete", "atespace", "lab");
  await run("delete", "-f", join(folder, "counter.yaml"));
  assert.doesNotMatch(await run("get", "templates"), /counter/);
});
