import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { BootClock } from "./boot-clock.ts";
import { RouteLease } from "./route-lease.ts";
import { BindingEnded, Upstream } from "./upstream.ts";

const binding = {
  atespace: "shop",
  actorId: "cart",
  key: "shop/cart",
  generation: 1n,
  address: "127.0.0.1",
  ports: new Set([80]),
};

async function open(listener: RequestListener, clock: BootClock = { nowMs: () => 0, roughMs: 0 }) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const lease = new RouteLease(clock);
  lease.extend(0, 1_000);
  const drained: number[] = [];
  const upstream: Upstream = new Upstream({
    binding,
    lease,
    connectTimeoutMs: 1_000,
    dialPort: () => port,
    onTraffic: () => {},
    onDrained: () => drained.push(upstream.inFlight),
  });
  return {
    upstream,
    drained,
    get: () =>
      new Promise<string>((resolve, reject) => {
        let text = "";
        upstream.dispatch(
          80,
          { method: "GET", path: "/" },
          {
            onRequestStart: () => {},
            onResponseStart: () => {},
            onResponseData: (_controller, chunk) => {
              text += chunk.toString();
            },
            onResponseEnd: () => resolve(text),
            onResponseError: (_controller, error) => reject(error),
          },
        );
      }),
    async [Symbol.asyncDispose]() {
      upstream.end();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

test("a connection that comes to stand after the binding ended carries nothing", async () => {
  let requests = 0;
  await using opened = await open((_request, response) => {
    requests++;
    response.end();
  });
  const answer = opened.get();
  opened.upstream.end();
  await assert.rejects(answer, BindingEnded);
  await assert.rejects(opened.get());
  assert.equal(requests, 0);
});

test("a connection that comes to stand after the lease ran out carries nothing", async () => {
  let requests = 0;
  const clock = { ms: 0, nowMs: () => clock.ms, roughMs: 0 };
  await using opened = await open((_request, response) => {
    requests++;
    response.end();
  }, clock);
  const answer = opened.get();
  clock.ms = 2_000;
  await assert.rejects(answer, BindingEnded);
  assert.equal(requests, 0);
});

test("it drains when its last flight ends, once, and says so again when asked again", async () => {
  await using opened = await open((_request, response) => response.end("hello"));
  const { upstream, drained } = opened;
  const flights = [upstream.enter(), upstream.enter()];
  assert.equal(await opened.get(), "hello");
  upstream.drain(60_000);
  flights[0]?.end();
  flights[0]?.end();
  await Promise.resolve();
  assert.deepEqual(drained, []);
  flights[1]?.end();
  await Promise.resolve();
  assert.deepEqual(drained, [0]);
  assert.ok(upstream.hasEnded);
  upstream.drain(60_000);
  assert.deepEqual(drained, [0, 0]);
  assert.equal(upstream.readmit(), false);
});
