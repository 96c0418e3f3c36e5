// What a durable directory keeps that memory does not: behaviour 6.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { applyTemplate, createActor } from "../support/actors.ts";
import { counterTemplate } from "../support/counter-template.ts";
import { importProgram } from "../support/programs.ts";
import { type Substrate, startSubstrate } from "../support/start-substrate.ts";

let substrate: Substrate;
let image: string;

before(async () => {
  substrate = await startSubstrate();
  image = await importProgram(substrate, "counter");
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
});

/** (memory, file in the volume) after create and resume, after pause and resume, after suspend and resume. */
const matrix = [
  { onPause: "Full", onCommit: "Full", expected: ["1,1", "2,2", "3,3"] },
  { onPause: "Full", onCommit: "Data", expected: ["1,1", "2,2", "1,3"] },
  { onPause: "Data", onCommit: "Data", expected: ["1,1", "1,2", "1,3"] },
] as const;

for (const { onPause, onCommit, expected } of matrix) {
  test(`onPause ${onPause} and onCommit ${onCommit}: ${expected.join(" ")}`, async () => {
    const name = `durable-${onPause}-${onCommit}`.toLowerCase();
    await applyTemplate(substrate, counterTemplate({ name, image, durable: true, onPause, onCommit }));
    const actor = await createActor(substrate, name, name);
    const seen: string[] = [];
    const count = async () => {
      await actor.resume();
      const answer = await actor.request("/");
      const { memory, file } = answer.json<{ memory: number; file: number }>();
      seen.push(`${memory},${file}`);
    };
    await count();
    await actor.pause();
    await count();
    await actor.suspend();
    await count();
    assert.deepEqual(seen, expected);
  });
}

test("the durable directories of two actors are not the same", async () => {
  const name = "durable-two";
  await applyTemplate(substrate, counterTemplate({ name, image, durable: true }));
  const [one, other] = await Promise.all(
    ["one", "other"].map((id) => createActor(substrate, name, `two-${id}`)),
  );
  assert.ok(one && other);
  assert.equal((await one.request("/fs")).text, "1");
  assert.equal((await one.request("/fs")).text, "2");
  assert.equal((await other.request("/fs")).text, "1");
});
