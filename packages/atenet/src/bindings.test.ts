// L14: no answer from another actor, whatever the router slept through.
import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { test } from "node:test";
import type { BootClock } from "./boot-clock.ts";
import { TestRouter } from "./testing/test-router.ts";

const cart = { atespace: "shop", actorId: "cart", generation: 1n, address: "127.0.0.2" };

/** A clock that a test moves. */
function handClock(): BootClock & { ms: number } {
  return {
    ms: 1_000_000,
    roughMs: 0,
    nowMs() {
      return this.ms;
    },
  };
}

test("a binding is not used when the lease has run out, and is again when it lives", async () => {
  const clock = handClock();
  await using router = await TestRouter.start({ testing: { clock } });
  await using actor = await router.actor(cart.address, (_request, response) => response.end("mine"));
  router.control.bind(cart);
  assert.equal((await router.fetch("cart.shop")).text, "mine");
  router.control.answersHeartbeats = false;
  clock.ms += 10_000;
  const waiting = router.fetch("cart.shop");
  await router.parked(1);
  assert.equal(actor.requests.length, 1);
  assert.deepEqual(router.control.resumes, []);
  router.control.answersHeartbeats = true;
  assert.equal((await waiting).text, "mine");
});

test("the lease runs from the sending of a heartbeat, not from its answer", async () => {
  const clock = handClock();
  await using router = await TestRouter.start({ testing: { clock } });
  await using _actor = await router.actor(cart.address, (_request, response) => response.end("mine"));
  router.control.bind(cart);
  assert.equal((await router.fetch("cart.shop")).text, "mine");
  router.control.answersHeartbeats = false;
  router.control.holdsHeartbeats = true;
  await router.control.until(() => router.control.heldHeartbeats > 0);
  clock.ms += 10_000;
  router.control.releaseHeartbeats();
  const waiting = router.fetch("cart.shop");
  await router.parked(1);
  router.control.holdsHeartbeats = false;
  router.control.answersHeartbeats = true;
  assert.equal((await waiting).text, "mine");
});

test("a connection that was made while the lease ran out is not used", async () => {
  const clock = handClock();
  await using router = await TestRouter.start({ testing: { clock } });
  await using next = await router.actor(cart.address, (_request, response) => response.end("the next actor"));
  router.control.bind(cart);
  await router.control.delivered();
  const get = router.ports.get.bind(router.ports);
  router.ports.get = (name) => {
    // The router sleeps between admission and connect; the lease is not what it was.
    router.control.answersHeartbeats = false;
    clock.ms += 60_000;
    router.ports.get = get;
    return get(name);
  };
  const waiting = router.fetch("cart.shop");
  await router.parked(1);
  assert.deepEqual(next.requests, []);
  router.control.answersHeartbeats = true;
  assert.equal((await waiting).text, "the next actor");
});

test("generations share no connection, though they share a worker's address", async () => {
  await using router = await TestRouter.start();
  const remotes: (number | undefined)[] = [];
  await using _actor = await router.actor(cart.address, (request, response) => {
    remotes.push(request.socket.remotePort);
    response.end("same server");
  });
  router.control.bind(cart);
  await router.fetch("cart.shop");
  await router.fetch("cart.shop");
  assert.equal(remotes[0], remotes[1]);
  router.control.unbind(cart);
  router.control.onResume = async () => {
    router.control.bind({ ...cart, generation: 2n });
    return undefined;
  };
  await router.fetch("cart.shop");
  assert.notEqual(remotes[1], remotes[2]);
});

test("an older generation never replaces a newer one; a snapshot replaces all", async () => {
  await using router = await TestRouter.start();
  await using _old = await router.actor(cart.address, (_request, response) => response.end("old"));
  await using _new = await router.actor("127.0.0.3", (_request, response) => response.end("new"));
  router.control.bind({ ...cart, generation: 2n, address: "127.0.0.3" });
  router.control.bind(cart);
  assert.equal((await router.fetch("cart.shop")).text, "new");
  // What the control plane's store says after a restart holds, whatever the router had heard.
  await router.control.stopListening();
  router.control.bind(cart);
  await router.control.listen();
  await router.control.until(() => router.control.streams === 1);
  assert.equal(await eventually(() => router.fetch("cart.shop"), "old"), "old");
});

test("a draining binding is acknowledged when nothing is in flight, and who comes meanwhile waits", async () => {
  await using router = await TestRouter.start();
  const held = Promise.withResolvers<ServerResponse>();
  await using actor = await router.actor(cart.address, (request, response) => {
    if (request.url === "/held") held.resolve(response);
    else response.end("old");
  });
  await using _next = await router.actor("127.0.0.3", (_request, response) => response.end("new"));
  router.control.bind(cart);
  const first = router.fetch("cart.shop", { path: "/held" });
  const response = await held.promise;
  router.control.drain(cart);
  const second = router.fetch("cart.shop");
  await router.parked(1);
  assert.deepEqual(router.control.drained, []);
  assert.deepEqual(router.control.resumes, []);
  response.end("late");
  assert.equal((await first).text, "late");
  await router.control.until(() => router.control.drained.length === 1);
  assert.deepEqual(router.control.drained, ["shop/cart@1"]);
  assert.deepEqual(actor.requests, ["GET /held"]);
  router.control.onResume = async () => {
    router.control.bind({ ...cart, generation: 2n, address: "127.0.0.3" });
    return undefined;
  };
  router.control.unbind(cart);
  assert.equal((await second).text, "new");
});

test("what is in flight when the drain's time is over is cut", async () => {
  await using router = await TestRouter.start();
  const held = Promise.withResolvers<void>();
  await using _actor = await router.actor(cart.address, (_request, response) => {
    response.writeHead(200);
    response.write("begun");
    held.resolve();
  });
  router.control.bind(cart);
  const cut = assert.rejects(router.fetch("cart.shop"), { code: "ECONNRESET" });
  await held.promise;
  router.control.drain(cart, 20);
  await cut;
  await router.control.until(() => router.control.drained.length === 1);
});

test("a drain that is called off admits again", async () => {
  await using router = await TestRouter.start();
  await using _actor = await router.actor(cart.address, (_request, response) => response.end("here"));
  router.control.bind(cart);
  router.control.drain(cart);
  await router.control.until(() => router.control.drained.length === 1);
  const waiting = router.fetch("cart.shop");
  await router.parked(1);
  router.control.bind(cart);
  assert.equal((await waiting).text, "here");
});

test("a snapshot that says draining is acknowledged on its own stream", async () => {
  await using router = await TestRouter.start();
  router.control.drain(cart);
  await router.control.until(() => router.control.drained.length === 1);
  await router.control.stopListening();
  await router.control.listen();
  await router.control.until(() => router.control.drained.length === 2);
});

test("a request without an answer goes on elsewhere when its binding ends, if that is harmless", async () => {
  await using router = await TestRouter.start();
  const arrived = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let count = 0;
  await using _actor = await router.actor(cart.address, (_request: IncomingMessage) =>
    arrived[count++]?.resolve(),
  );
  await using _next = await router.actor("127.0.0.3", (_request, response) => response.end("new"));
  router.control.bind(cart);
  const get = router.fetch("cart.shop");
  await arrived[0]?.promise;
  const post = router.fetch("cart.shop", { method: "POST" });
  await arrived[1]?.promise;
  router.control.bind({ ...cart, generation: 2n, address: "127.0.0.3" });
  assert.equal((await get).text, "new");
  const refused = await post;
  assert.equal(refused.status, 502);
  assert.equal(refused.headers["x-substrate-error"], "actor-moved");
});

async function eventually(ask: () => Promise<{ text: string }>, expected: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const { text } = await ask();
    if (text === expected || attempt === 100) return text;
  }
}
