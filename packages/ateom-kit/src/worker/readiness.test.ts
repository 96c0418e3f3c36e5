import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { NotReady, waitUntilReady } from "./readiness.ts";

/** Answers with one status after the other, the last one for good; counts requests and connections. */
async function serve(...statuses: number[]) {
  const seen = { requests: 0, connections: 0, hosts: new Set<string | undefined>() };
  const server = http.createServer((request, response) => {
    seen.requests += 1;
    seen.hosts.add(request.headers.host);
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    if (status === 0) return;
    response.writeHead(status ?? 500, { location: "/elsewhere" });
    response.end("body");
  });
  server.on("connection", () => (seen.connections += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    seen,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function wait(ports: number[], options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<void> {
  const containers = ports.map((port, index) => ({
    name: `c${index}`,
    readyz: { path: "/readyz", port },
    durableDirMountPaths: [],
  }));
  const { signal = new AbortController().signal, timeoutMs } = options;
  return waitUntilReady({ host: "127.0.0.1", containers, signal, ...(timeoutMs && { timeoutMs }) });
}

test("200 is ready, asked over one connection and with the actor's own address", async () => {
  await using server = await serve(503, 404, 302, 500, 200);
  await wait([server.port]);
  assert.equal(server.seen.requests, 5);
  assert.equal(server.seen.connections, 1);
  assert.deepEqual([...server.seen.hosts], [`169.254.17.2:${server.port}`]);
});

test("all containers have to be ready", async () => {
  await using first = await serve(200);
  await using second = await serve(503, 200);
  await wait([first.port, second.port]);
  assert.equal(second.seen.requests, 2);
});

test("a redirect is never followed and never ready", async () => {
  await using server = await serve(302);
  await assert.rejects(
    wait([server.port], { timeoutMs: 100 }),
    (error) => error instanceof NotReady && error.container === "c0" && /HTTP 302/.test(error.message),
  );
});

test("a port that nobody listens at is named in the error", async () => {
  const server = await serve(200);
  await server[Symbol.asyncDispose]();
  await assert.rejects(wait([server.port], { timeoutMs: 50 }), /ECONNREFUSED/);
});

test("a container that hangs is asked again", async () => {
  await using server = await serve(0, 0, 200);
  await wait([server.port]);
  assert.equal(server.seen.requests, 3);
});

test("the signal ends the wait at once, with its reason", async () => {
  await using hanging = await serve(0);
  const abort = new AbortController();
  const waiting = wait([hanging.port], { signal: abort.signal });
  abort.abort(new Error("it exited"));
  await assert.rejects(waiting, /it exited/);
});

test("a container without readyz is not waited for", async () => {
  await waitUntilReady({
    host: "127.0.0.1",
    containers: [{ name: "app", durableDirMountPaths: [] }],
    signal: new AbortController().signal,
  });
});
