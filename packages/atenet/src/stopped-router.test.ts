// L14, for real: a router that is stopped while its actor's worker goes to another actor. The lease
// is counted by the real clock here, so this test lasts as long as a lease.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, type RequestListener, request } from "node:http";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { FakeControlPlane } from "./testing/fake-control-plane.ts";

const leaseMs = 400;
const actorHost = "cart.shop.actors.resources.substrate.ate.dev";

/** Loopback addresses that no other test of this machine is likely to use. */
const random = (): number => 1 + Math.floor(Math.random() * 250);
const net = `127.${100 + (random() % 100)}.${random()}`;
const worker = `${net}.1`;
const cart = { atespace: "shop", actorId: "cart", generation: 1n, address: worker };

async function serve(address: string, listener: RequestListener) {
  const server = createServer(listener).listen(80, address);
  await once(server, "listening");
  return async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
}

test("a router that was stopped over a reassignment reaches no next actor", {
  skip: process.getuid?.() !== 0 && "only root can listen on an actor's port 80",
}, async () => {
  await using cleanup = new AsyncDisposableStack();
  const control = cleanup.use(await FakeControlPlane.start({ leaseMs, heartbeatIntervalMs: 50 }));
  const closeFirst = await serve(worker, (_request, response) => response.end("mine"));
  cleanup.defer(closeFirst);
  cleanup.defer(await serve(`${net}.2`, (_request, response) => response.end("mine again")));
  control.bind(cart);
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const flags = ["--listen=127.0.0.1:0", `--control=${control.address}`, "--log-level=silent"];
  const router = spawn(process.execPath, [main, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  cleanup.defer(async () => {
    const exited = once(router, "exit");
    router.kill("SIGCONT");
    router.kill("SIGKILL");
    await exited;
  });
  const [line] = (await once(createInterface({ input: router.stdout }), "line")) as [string];
  const { port } = JSON.parse(line) as { port: number };
  const agent = new Agent({ keepAlive: true });
  cleanup.defer(() => agent.destroy());
  const get = async (): Promise<string> => {
    const outgoing = request({ host: "127.0.0.1", port, agent, headers: { host: actorHost } });
    outgoing.end();
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return text;
  };
  assert.equal(await get(), "mine");
  // On kept connections, and on those that are yet to be made.
  router.kill("SIGSTOP");
  const waiting = Array.from({ length: 20 }, get);
  await delay(leaseMs);
  await closeFirst();
  const foreign: string[] = [];
  cleanup.defer(
    await serve(worker, (incoming, response) => {
      foreign.push(`${incoming.method} ${incoming.url}`);
      response.end("the next actor");
    }),
  );
  // The router is told nothing: the control plane started anew meanwhile.
  await control.stopListening();
  control.unbind(cart);
  control.onResume = async () => {
    control.bind({ ...cart, generation: 2n, address: `${net}.2` });
    return undefined;
  };
  router.kill("SIGCONT");
  await control.listen();
  for (const text of await Promise.all(waiting)) assert.equal(text, "mine again");
  assert.deepEqual(foreign, []);
});
