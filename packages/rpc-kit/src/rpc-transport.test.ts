// What callers see of peers that die, stall or never were. A proxy of the test stands for the network.
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { test } from "node:test";
import { ateapi, health, logs } from "@agent-substrate/contract";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { isNobodyThere, parseRpcAddress, rpcTransport, serveRpc } from "./index.ts";

async function startServer() {
  return serveRpc({
    services: [ateapi.Control, logs.Logs],
    listen: { host: "127.0.0.1", port: 0 },
    drainMs: 0,
    routes: (router) => {
      router.service(ateapi.Control, { suspendActor: () => new Promise(() => undefined) });
      router.service(logs.Logs, {
        async *readLogs() {
          yield { text: "first" };
          await new Promise(() => undefined);
        },
      });
    },
  });
}

/** Carries bytes to `port` until it is told to stall or to cut. */
async function startProxy(port: number) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const upstream = net.connect(port, "127.0.0.1");
    for (const end of [socket, upstream]) {
      sockets.add(end);
      end.on("error", () => undefined);
    }
    socket.pipe(upstream).pipe(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    address: `127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    cut,
    stall() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

for (const protocol of ["connect", "grpc"] as const) {
  test(`${protocol}: calls on a connection that is lost are UNAVAILABLE, and the next one dials again`, async () => {
    await using server = await startServer();
    await using proxy = await startProxy(server.port ?? 0);
    const transport = rpcTransport(proxy.address, { protocol });
    const stream = createClient(logs.Logs, transport).readLogs({})[Symbol.asyncIterator]();
    await stream.next();
    const unary = createClient(ateapi.Control, transport).suspendActor({});
    await createClient(health.Health, transport).check({});
    const lost = Promise.allSettled([stream.next(), unary]);
    proxy.cut();
    for (const result of await lost) {
      assert.equal(result.status, "rejected");
      assert.equal(ConnectError.from(result.reason).code, Code.Unavailable);
      assert.ok(!isNobodyThere(result.reason), "somebody was there");
    }
    await createClient(health.Health, transport).check({});
    transport.close();
  });

  test(`${protocol}: a peer that is not there is UNAVAILABLE`, async () => {
    const transport = rpcTransport("unix:/no/such.sock", { protocol });
    const call = createClient(health.Health, transport).check({});
    await assert.rejects(call, {
      code: Code.Unavailable,
      rawMessage: "nobody answers at unix:/no/such.sock (ENOENT)",
    });
    await assert.rejects(call, isNobodyThere);
    assert.ok(!isNobodyThere(new ConnectError("nobody answers, says the peer", Code.Unavailable)));
  });
}

test("a peer that stalls is given up, and a call at that very moment does not end the process", async () => {
  await using server = await startServer();
  await using proxy = await startProxy(server.port ?? 0);
  const transport = rpcTransport(proxy.address, { pingIntervalMs: 10, pingTimeoutMs: 10 });
  await createClient(health.Health, transport).check({});
  const unary = createClient(ateapi.Control, transport).suspendActor({});
  proxy.stall();
  await assert.rejects(unary, { code: Code.Unavailable });
  // On a new connection.
  await createClient(health.Health, transport).check({});
  transport.close();
});

test("a caller's own cancel stays CANCELED, its deadline DEADLINE_EXCEEDED", async () => {
  await using server = await startServer();
  const transport = rpcTransport(server.address);
  const client = createClient(ateapi.Control, transport);
  const cancel = new AbortController();
  const cancelled = client.suspendActor({}, { signal: cancel.signal });
  cancel.abort();
  await assert.rejects(cancelled, { code: Code.Canceled });
  await assert.rejects(client.suspendActor({}, { timeoutMs: 1 }), { code: Code.DeadlineExceeded });
  transport.close();
});

test("addresses", () => {
  assert.deepEqual(parseRpcAddress("unix:/run/x.sock"), {
    baseUrl: "http://localhost",
    unixPath: "/run/x.sock",
  });
  assert.deepEqual(parseRpcAddress("[::1]:70"), { baseUrl: "http://[::1]:70" });
  assert.deepEqual(parseRpcAddress("https://h:1/"), { baseUrl: "https://h:1" });
  for (const address of ["", "unix:x", "h:1/path", "ftp://h:1", "h:1?q"]) {
    assert.throws(() => parseRpcAddress(address), /is no address/);
  }
  assert.throws(
    () => parseRpcAddress("http://u:hunter2@h:1"),
    (error: Error) => !error.message.includes("hunter2"),
  );
});
