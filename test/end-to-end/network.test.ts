// What an actor reaches, and what it must not.
import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { after, before, test } from "node:test";
import { type ActorHandle, applyTemplate, createActor } from "../support/actors.ts";
import { type OutsideNetwork, openOutsideNetwork } from "../support/outside-network.ts";
import { probeTemplate } from "../support/probe-template.ts";
import { importProgram } from "../support/programs.ts";
import { type Substrate, startSubstrate } from "../support/start-substrate.ts";

let outside: OutsideNetwork;
let substrate: Substrate;
let actor: ActorHandle;

before(async () => {
  outside = await openOutsideNetwork();
  substrate = await startSubstrate();
  const image = await importProgram(substrate, "probe");
  await applyTemplate(substrate, probeTemplate(image, { ports: [8081] }));
  actor = await createActor(substrate, "probe", "looks-around");
});

after(async () => {
  await substrate?.[Symbol.asyncDispose]();
  await outside?.[Symbol.asyncDispose]();
});

async function connectionFrom(from: ActorHandle, host: string, port: number): Promise<string> {
  return (await from.request(`/connect?host=${host}&port=${port}`)).json<{ outcome: string }>().outcome;
}

test("the world outside sees this machine's address", async () => {
  const answer = await actor.request(`/get?url=${encodeURIComponent(outside.url)}`);
  assert.deepEqual(answer.json(), { status: 200, text: `::ffff:${outside.machineAddress}` });
});

test("no address of this machine is reached, whatever listens there", async () => {
  const server = createServer((socket) => socket.end()).listen(0, "0.0.0.0");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    const worker = (await actor.get()).ateomPodIp;
    for (const host of [outside.machineAddress, nodeSideOf(worker), "169.254.17.1"]) {
      assert.notEqual(await connectionFrom(actor, host, port), "connected", host);
    }
  } finally {
    server.close();
  }
});

test("another worker is not reached", async () => {
  const other = await createActor(substrate, "probe", "other-worker");
  await other.request("/whoami");
  const address = (await other.get()).ateomPodIp;
  assert.notEqual((await actor.get()).ateomPodIp, address);
  assert.equal((await other.request("/whoami")).text, "other-worker");
  for (const port of [80, 8081]) assert.notEqual(await connectionFrom(actor, address, port), "connected");
});

test("the address of a cloud's metadata is not reached", async () => {
  assert.notEqual(await connectionFrom(actor, "169.254.169.254", 80), "connected");
});

test("a name resolves inside as it does outside", async () => {
  const name = "example.com";
  const outside = await new Resolver({ timeout: 1500, tries: 1 }).resolve4(name).catch(() => []);
  const answer = await actor.request(`/resolve?name=${name}`);
  assert.equal(answer.status, 200, answer.text);
  const { addresses = [] } = answer.json<{ addresses?: string[] }>();
  assert.equal(addresses.length > 0, outside.length > 0);
});

test("a connection that was open over a suspend is gone, which its actor learns and survives", async () => {
  const { hostname, port } = new URL(outside.url);
  const holder = await createActor(substrate, "probe", "holder");
  assert.equal((await holder.request(`/hold?host=${hostname}&port=${port}`)).text, "open");
  await holder.suspend();
  assert.match((await holder.request("/held")).text, /^(closed|ECONNABORTED|ECONNRESET|EPIPE)$/);
  await holder.suspend();
  assert.equal((await holder.request("/whoami")).text, "holder");
});

test("a port that the template declares is reached by its own host name, others are not", async () => {
  assert.equal((await actor.request("/listen?port=8081")).text, "listening");
  assert.equal((await actor.request("/", { actor: `8081.${actor.host}` })).text, "port 8081");
  assert.equal((await actor.request("/", { actor: `8082.${actor.host}` })).status, 404);
});

/** The other address of a worker's link, a /30. */
function nodeSideOf(address: string): string {
  const parts = address.split(".").map(Number);
  const last = parts[3] ?? 0;
  return [...parts.slice(0, 3), last % 4 === 1 ? last + 1 : last - 1].join(".");
}
