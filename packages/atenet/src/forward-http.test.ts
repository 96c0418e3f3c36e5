import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { test } from "node:test";
import { domain, TestRouter } from "./testing/test-router.ts";

const cart = { atespace: "shop", actorId: "cart", generation: 1n, address: "127.0.0.2" };

test("headers, status and body pass; what belongs to one connection does not", async () => {
  await using router = await TestRouter.start();
  const seen: IncomingMessage["headers"][] = [];
  await using _actor = await router.actor(cart.address, (request, response) => {
    seen.push(request.headers);
    response.writeHead(
      201,
      "Made",
      [
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["x-gone", "1"],
        ["connection", "x-gone"],
        ["x-substrate-error", "imitated"],
      ].flat(),
    );
    response.end("hello");
  });
  router.control.bind(cart);
  const answer = await router.fetch("cart.shop", {
    path: "/a?b=c",
    headers: {
      connection: "keep-alive, x-private",
      "x-private": "1",
      "x-kept": "yes",
      "x-forwarded-for": "192.0.2.1",
      te: "trailers",
      "ate-target-port": "80",
    },
  });
  assert.equal(answer.status, 201);
  assert.equal(answer.text, "hello");
  assert.deepEqual(answer.headers["set-cookie"], ["a=1", "b=2"]);
  assert.equal(answer.headers["x-gone"], undefined);
  assert.equal(answer.headers["x-substrate-error"], undefined);
  const [headers] = seen;
  assert.equal(headers?.host, `cart.shop.${domain}`);
  assert.equal(headers?.["x-kept"], "yes");
  assert.equal(headers?.["x-private"], undefined);
  assert.equal(headers?.te, undefined);
  assert.equal(headers?.["ate-target-port"], undefined);
  assert.equal(headers?.["x-forwarded-for"], "192.0.2.1, 127.0.0.1");
  assert.equal(headers?.["x-forwarded-host"], `cart.shop.${domain}`);
  assert.equal(headers?.["x-forwarded-proto"], "http");
});

test("64 MiB pass both ways, and a slow reader holds the sender back", async () => {
  await using router = await TestRouter.start();
  const total = 64 * 1024 * 1024;
  let inActor = 0;
  await using _actor = await router.actor(cart.address, async (request, response) => {
    for await (const chunk of request) {
      inActor += (chunk as Buffer).length;
      if (!response.write(chunk)) await once(response, "drain");
    }
    response.end();
  });
  router.control.bind(cart);
  const block = randomBytes(1024 * 1024);
  const sent = createHash("sha256");
  const outgoing = router.request("cart.shop", { method: "POST" });
  const sending = (async () => {
    for (let bytes = 0; bytes < total; bytes += block.length) {
      sent.update(block);
      if (!outgoing.write(block)) await once(outgoing, "drain");
    }
    outgoing.end();
  })();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  // Nobody reads: the bytes on the way fill up and then nothing moves.
  const settled = await steady(() => inActor);
  assert.ok(settled < 32 * 1024 * 1024, `${settled} bytes passed though nobody read`);
  const received = createHash("sha256");
  let bytes = 0;
  for await (const chunk of response) {
    received.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  await sending;
  assert.equal(bytes, total);
  assert.equal(received.digest("hex"), sent.digest("hex"));
});

test("events of a stream arrive one by one, its head before any of them", async () => {
  await using router = await TestRouter.start();
  const say = Promise.withResolvers<void>();
  await using _actor = await router.actor(cart.address, async (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    await say.promise;
    response.write("data: one\n\n");
  });
  router.control.bind(cart);
  const outgoing = router.request("cart.shop");
  outgoing.end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  assert.equal(response.headers["content-type"], "text/event-stream");
  say.resolve();
  const [event] = (await once(response, "data")) as [Buffer];
  assert.equal(event.toString(), "data: one\n\n");
  outgoing.destroy();
});

test("trailers of an answer pass", async () => {
  await using router = await TestRouter.start();
  await using _actor = await router.actor(cart.address, (_request, response) => {
    response.writeHead(200, { trailer: "x-sum" });
    response.write("body");
    response.addTrailers({ "x-sum": "42" });
    response.end();
  });
  router.control.bind(cart);
  const answer = await router.fetch("cart.shop");
  assert.equal(answer.text, "body");
  assert.equal(answer.trailers["x-sum"], "42");
});

test("a client that hangs up ends the request at the actor", async () => {
  await using router = await TestRouter.start();
  const closed = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  await using _actor = await router.actor(cart.address, (_request, response) => {
    response.on("close", () => closed.resolve());
    arrived.resolve();
  });
  router.control.bind(cart);
  const outgoing = router.request("cart.shop").on("error", () => {});
  outgoing.end();
  await arrived.promise;
  outgoing.destroy();
  await closed.promise;
});

test("an answer that comes before the body was sent reaches the client", async () => {
  await using router = await TestRouter.start();
  await using _actor = await router.actor(cart.address, (_request, response) => {
    response.writeHead(413).end("too large");
  });
  router.control.bind(cart);
  const outgoing = router.request("cart.shop", { method: "POST", headers: { "content-length": "300000" } });
  outgoing.write(Buffer.alloc(100_000));
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  assert.equal(response.statusCode, 413);
  outgoing.end(Buffer.alloc(200_000));
  response.resume();
  await once(response, "end");
  assert.equal((await router.fetch("cart.shop")).status, 413);
});

test("100 Continue is said once the actor's connection stands, and not passed to the actor", async () => {
  await using router = await TestRouter.start();
  const seen: IncomingMessage["headers"][] = [];
  await using _actor = await router.actor(cart.address, (request, response) => {
    seen.push(request.headers);
    request.pipe(response);
  });
  const outgoing = router.request("cart.shop", {
    method: "POST",
    headers: { expect: "100-continue", "content-length": "4" },
  });
  outgoing.flushHeaders();
  let isContinued = false;
  outgoing.on("continue", () => {
    isContinued = true;
    outgoing.end("body");
  });
  await router.control.until(() => router.control.resumes.length === 1);
  assert.equal(isContinued, false);
  router.control.bind(cart);
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  assert.equal(isContinued, true);
  assert.equal(response.statusCode, 200);
  assert.equal(seen[0]?.expect, undefined);
  response.resume();
  await once(response, "end");
});

test("an answer that breaks off breaks the client's off", async () => {
  await using router = await TestRouter.start();
  await using _actor = await router.actor(cart.address, (_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("some");
    setImmediate(() => response.destroy());
  });
  router.control.bind(cart);
  await assert.rejects(router.fetch("cart.shop"), { code: "ECONNRESET" });
});

test("an absolute request target names the actor too; a malformed one is answered 404", async () => {
  await using router = await TestRouter.start();
  await using actor = await router.actor(cart.address, (_request, response) => response.end("absolute"));
  router.control.bind(cart);
  const answer = await router.fetch("x", { path: `http://cart.shop.${domain}/p?q` });
  assert.equal(answer.text, "absolute");
  assert.deepEqual(actor.requests, ["GET /p?q"]);
  const refused = await router.fetch("x", { method: "OPTIONS", path: "*" });
  assert.equal(refused.status, 404);
  assert.equal(refused.headers["x-substrate-error"], "malformed-target");
});

test("ports that the binding lists are reached, others are not found", async () => {
  await using router = await TestRouter.start();
  await using _actor = await router.actor(cart.address, (_request, response) => response.end("admin"), 8080);
  router.control.bind({ ...cart, ports: [8080] });
  assert.equal((await router.fetch("8080.cart.shop")).text, "admin");
  const refused = await router.fetch("8081.cart.shop");
  assert.equal(refused.status, 404);
  assert.equal(refused.headers["x-substrate-error"], "port-not-exposed");
  assert.match(refused.text, /^actor shop\/cart does not expose port 8081[^\n]*\n$/);
});

test("an actor that accepts no connection is a 502", async () => {
  await using router = await TestRouter.start();
  const actor = await router.actor(cart.address, (_request, response) => response.end());
  await actor.close();
  router.control.bind(cart);
  const refused = await router.fetch("cart.shop");
  assert.equal(refused.status, 502);
  assert.equal(refused.headers["x-substrate-error"], "actor-unreachable");
});

test("what breaks off before an answer is sent again only if that is harmless", async () => {
  await using router = await TestRouter.start();
  let broken = 0;
  await using actor = await router.actor(cart.address, (request, response) => {
    if (broken++ === 0) request.socket.destroy();
    else response.end("second");
  });
  router.control.bind(cart);
  assert.equal((await router.fetch("cart.shop")).text, "second");
  broken = 0;
  const refused = await router.fetch("cart.shop", { method: "POST", body: "x" });
  assert.equal(refused.status, 502);
  assert.deepEqual(actor.requests, ["GET /", "GET /", "POST /"]);
});

test("what is no HTTP is a 502, and is not asked for twice", async () => {
  await using router = await TestRouter.start();
  let asked = 0;
  const actor = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => {
      asked++;
      socket.end("SSH-2.0-OpenSSH_9.2\r\n");
    });
  }).listen(0, cart.address);
  await once(actor, "listening");
  router.ports.set(`${cart.address}:80`, (actor.address() as AddressInfo).port);
  router.control.bind(cart);
  const refused = await router.fetch("cart.shop");
  assert.equal(refused.status, 502);
  assert.equal(refused.headers["x-substrate-error"], "bad-answer");
  assert.equal(asked, 1);
  actor.close();
});

test("a request that ends its actor each time is sent twice, not more", async () => {
  await using router = await TestRouter.start();
  await using actor = await router.actor(cart.address, (request) => request.socket.destroy());
  router.control.bind(cart);
  const refused = await router.fetch("cart.shop");
  assert.equal(refused.status, 502);
  assert.equal(refused.headers["x-substrate-error"], "actor-unreachable");
  assert.deepEqual(actor.requests, ["GET /", "GET /"]);
});

test("two Host headers are refused", async () => {
  await using router = await TestRouter.start();
  const socket = connect(router.port, "127.0.0.1");
  socket.end(`GET / HTTP/1.1\r\nHost: cart.shop.${domain}\r\nHost: other.shop.${domain}\r\n\r\n`);
  const [head] = (await once(socket, "data")) as [Buffer];
  assert.match(head.toString(), /^HTTP\/1\.1 40[04] /);
  socket.destroy();
});

/** A value once it has not moved for a hundred turns of the loop after the sockets were polled. */
async function steady(read: () => number): Promise<number> {
  let last = -1;
  for (let still = 0; still < 2_000; ) {
    const value = read();
    still = value === last ? still + 1 : 0;
    last = value;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return last;
}
