// Two `up` at once on one computer know nothing of each other, and one data folder has one owner.
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyTemplate, createActor } from "../support/actors.ts";
import { counterTemplate } from "../support/counter-template.ts";
import { importProgram } from "../support/programs.ts";
import { runCommand, startSubstrate } from "../support/start-substrate.ts";

test("the end of one leaves the other at work", async () => {
  await using staying = await startSubstrate();
  const leaving = await startSubstrate();
  try {
    for (const substrate of [staying, leaving]) {
      const image = await importProgram(substrate, "counter");
      await applyTemplate(substrate, counterTemplate({ name: "counter", image }));
    }
    const actors = [
      await createActor(staying, "counter", "same-name"),
      await createActor(leaving, "counter", "same-name"),
    ];
    for (const actor of actors) {
      assert.deepEqual((await actor.request()).json(), { actorId: "same-name", memory: 1, file: 1 });
    }
    assert.equal(await leaving.stop(), 0, leaving.output());
    const [stayed] = actors;
    assert.deepEqual((await stayed?.request())?.json(), { actorId: "same-name", memory: 2, file: 2 });
    await stayed?.suspend();
    assert.deepEqual((await stayed?.request())?.json(), { actorId: "same-name", memory: 3, file: 3 });
  } finally {
    await leaving[Symbol.asyncDispose]();
  }
});

test("a second one on the same data folder is refused, and told who has it", async () => {
  await using substrate = await startSubstrate({ workers: 0 });
  const { code, stderr } = await runCommand(["up", "--data", substrate.data, "--listen", "127.0.0.1:0"]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`in use by process ${substrate.pid}\\b`));
});
