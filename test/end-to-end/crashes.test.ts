// The end of one process is not the end of the others, and comes to an end itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { watchChanges } from "@agent-substrate/sdk";
import { type ActorHandle, applyTemplate, createActor } from "../support/actors.ts";
import { counterTemplate } from "../support/counter-template.ts";
import { importProgram } from "../support/programs.ts";
import { serverPid } from "../support/server-process.ts";
import { type Substrate, startSubstrate } from "../support/start-substrate.ts";

let substrate: Substrate;
let actor: ActorHandle;

before(async () => {
  substrate = await startSubstrate();
  const image = await importProgram(substrate, "counter");
  await applyTemplate(substrate, counterTemplate({ name: "counter", image }));
  actor = await createActor(substrate, "counter", "survivor");
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
});

/** Ends a server without warning, and waits until it runs again. */
async function crash(server: "ateapi" | "atelet" | "atenet"): Promise<void> {
  const again = substrate.printed(new RegExp(`^${server} runs again`));
  process.kill(await serverPid(substrate, server), "SIGKILL");
  await again;
}

async function countInMemory(): Promise<number> {
  const answer = await actor.request("/mem");
  assert.equal(answer.status, 200, answer.text);
  return Number(answer.text);
}

test("a router that dies comes back on its port, and its actor has not noticed", async () => {
  assert.equal(await countInMemory(), 1);
  await crash("atenet");
  assert.equal(await countInMemory(), 2);
});

test("a control plane that dies comes back on its port, and the actor was at work all along", async () => {
  const before = await countInMemory();
  const restarted = crash("ateapi");
  assert.equal(await countInMemory(), before + 1);
  await restarted;
  assert.equal((await actor.get()).actorId, "survivor");
  assert.equal(await countInMemory(), before + 2);
});

test("a node supervisor that dies costs what its actors did since their last snapshot", async () => {
  await actor.suspend();
  const kept = await countInMemory();
  await actor.suspend();
  await countInMemory();
  const lost = await nextEvent("survivor", "WorkerLost");
  await crash("atelet");
  await lost.happened;
  assert.equal(await countInMemory(), kept + 1);
});

/** Resolves once it listens; `happened` resolves with the actor's next event of this kind. */
async function nextEvent(actorId: string, reason: string): Promise<{ happened: Promise<void> }> {
  const listening = Promise.withResolvers<void>();
  const enough = new AbortController();
  const watch = async () => {
    let isNew = false;
    for await (const { change } of watchChanges(substrate.client, { events: true, signal: enough.signal })) {
      if (change.case === "synced") {
        isNew = true;
        listening.resolve();
      } else if (isNew && change.case === "event") {
        if (change.value.actorId === actorId && change.value.reason === reason) enough.abort();
      }
    }
  };
  const happened = watch();
  await Promise.race([listening.promise, happened]);
  return { happened };
}
