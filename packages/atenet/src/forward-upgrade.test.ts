import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { test } from "node:test";
import { neverResumes } from "./testing/fake-control-plane.ts";
import { domain, TestRouter } from "./testing/test-router.ts";

const cart = { atespace: "shop", actorId: "cart", generation: 1n, address: "127.0.0.2" };

/** An actor that speaks an echo protocol after an upgrade; plain requests are answered 426. */
async function echoActor(router: TestRouter): Promise<AsyncDisposable & { upgrades: IncomingMessage[] }> {
  const upgrades: IncomingMessage[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((_request, response) => response.writeHead(426).end("upgrade"));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrades.push(request);
    sockets.add(socket);
    socket.on("error", () => {});
    if (request.url === "/refuse") {
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno");
      return;
    }
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\nX-Echo: 1\r\n\r\n",
    );
    if (head.length > 0) socket.write(head);
    socket.pipe(socket);
  });
  server.listen(0, cart.address);
  await once(server, "listening");
  router.ports.set(`${cart.address}:80`, (server.address() as AddressInfo).port);
  return {
    upgrades,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function upgrade(router: TestRouter, path = "/", behind = ""): Promise<Socket> {
  const socket = connect(router.port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: cart.shop.${domain}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${behind}`,
  );
  return socket;
}

async function readUntil(socket: Socket, end: string): Promise<string> {
  let text = "";
  while (!text.includes(end)) text += String((await once(socket, "data"))[0]);
  return text;
}

test("an upgrade wakes its actor, and bytes then pass both ways", async () => {
  await using router = await TestRouter.start();
  await using actor = await echoActor(router);
  router.control.onResume = async () => {
    router.control.bind(cart);
    return [];
  };
  const socket = await upgrade(router, "/chat", "early ");
  const head = await readUntil(socket, "early ");
  assert.match(head, /^HTTP\/1\.1 101 /);
  assert.match(head, /x-echo: 1/i);
  assert.match(head, /server-timing: park/);
  assert.equal(actor.upgrades[0]?.headers.upgrade, "echo");
  socket.write("hello");
  await readUntil(socket, "hello");
  socket.end();
  await once(socket, "close");
});

test("an upgrade that the actor refuses is an ordinary answer, and its connection ends", async () => {
  await using router = await TestRouter.start();
  await using _actor = await echoActor(router);
  router.control.bind(cart);
  const socket = await upgrade(router, "/refuse");
  let text = "";
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  await once(socket, "close");
  assert.match(text, /^HTTP\/1\.1 403 /);
  assert.match(text, /connection: close/i);
  assert.match(text, /no$/);
});

test("a client that hangs up while its upgrade waits leaves the queue", async () => {
  await using router = await TestRouter.start();
  router.control.onResume = neverResumes;
  const socket = await upgrade(router);
  await router.parked(1);
  socket.end();
  await router.parked(0);
  socket.destroy();
});

test("an upgraded connection is in flight, and is cut when the drain's time is over", async () => {
  await using router = await TestRouter.start();
  await using _actor = await echoActor(router);
  router.control.bind(cart);
  const socket = await upgrade(router);
  await readUntil(socket, "\r\n\r\n");
  await router.control.until(() => router.control.activity.some(({ inFlight }) => inFlight === 1));
  const closed = once(socket, "close");
  router.control.drain(cart, 20);
  await closed;
  await router.control.until(() => router.control.drained.length === 1);
});

test("an end of the actor's side reaches the client after all that it sent", async () => {
  await using router = await TestRouter.start();
  const server = createServer();
  server.on("upgrade", (_request: IncomingMessage, socket: Duplex) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
    socket.end(Buffer.alloc(4 * 1024 * 1024, "x"));
  });
  server.listen(0, cart.address);
  await once(server, "listening");
  router.ports.set(`${cart.address}:80`, (server.address() as AddressInfo).port);
  router.control.bind(cart);
  const socket = await upgrade(router);
  let bytes = 0;
  socket.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await once(socket, "end");
  assert.ok(bytes > 4 * 1024 * 1024);
  socket.destroy();
  server.close();
});

test("an offer of HTTP/2 is not taken up, and the request is served as it is", async () => {
  await using router = await TestRouter.start();
  await using actor = await router.actor(cart.address, (request, response) =>
    response.end(String(request.headers.upgrade)),
  );
  router.control.bind(cart);
  const answer = await router.fetch("cart.shop", {
    headers: { connection: "upgrade, http2-settings", upgrade: "h2c", "http2-settings": "AAMAAABk" },
  });
  assert.equal(answer.text, "undefined");
  assert.deepEqual(actor.requests, ["GET /"]);
});
