import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ateapi, elapsedTrailer, health, InvalidInput, logs } from "@agent-substrate/contract";
import { Code, ConnectError, type ConnectRouter, createClient } from "@connectrpc/connect";
import { readPhases, rpcTransport, serveRpc, writePhases } from "./index.ts";

const services = [ateapi.Control, logs.Logs];

function routes(router: ConnectRouter): void {
  router.service(ateapi.Control, {
    getAtespace: ({ name }) => {
      if (name === "bad") throw new InvalidInput("name", "is bad");
      if (name === "broken") throw new Error("the secret of the house");
      return { atespace: { name } };
    },
    resumeActor: (_, context) => {
      writePhases(context.responseTrailer, [{ name: "place", durationMs: 1.5 }]);
      return {};
    },
    suspendActor: (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  router.service(logs.Logs, {
    async *readLogs() {
      yield { text: "first" };
      // Heeds nothing, so that only the server can end it.
      await new Promise(() => undefined);
    },
  });
}

async function folder(): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "rpc-kit-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

for (const protocol of ["connect", "grpc"] as const) {
  test(`${protocol} over a unix socket: replies, trailers and errors`, async () => {
    await using dir = await folder();
    await using server = await serveRpc({ services, routes, listen: { unixPath: join(dir.path, "s") } });
    assert.equal((await stat(join(dir.path, "s"))).mode & 0o777, 0o600);
    const transport = rpcTransport(server.address, { protocol });
    const client = createClient(ateapi.Control, transport);

    let elapsed: string | null = null;
    const onTrailer = (trailer: Headers) => {
      elapsed = trailer.get(elapsedTrailer);
    };
    const reply = await client.getAtespace({ name: "a" }, { onTrailer });
    assert.equal(reply.atespace?.name, "a");
    assert.match(elapsed ?? "", /^\d+$/);

    await assert.rejects(client.getAtespace({ name: "bad" }), (error: ConnectError) => {
      assert.equal(error.code, Code.InvalidArgument);
      assert.equal(error.rawMessage, "name: is bad");
      assert.match(error.metadata.get(elapsedTrailer) ?? "", /^\d+$/);
      return true;
    });
    await assert.rejects(client.getAtespace({ name: "broken" }), (error: ConnectError) => {
      assert.equal(error.code, Code.Internal);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
    let phases: unknown;
    await client.resumeActor(
      {},
      {
        onTrailer: (trailer) => {
          phases = readPhases(trailer);
        },
      },
    );
    assert.deepEqual(phases, [{ name: "place", durationMs: 1.5 }]);
    transport.close();
  });
}

test("Connect with JSON over HTTP/1.1, and unknown paths", async () => {
  await using server = await serveRpc({ services, routes, listen: { host: "127.0.0.1", port: 0 } });
  const post = (path: string) =>
    fetch(`http://${server.address}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "a" }),
    });
  const reply = await post("ateapi.Control/GetAtespace");
  assert.deepEqual([reply.status, await reply.json()], [200, { atespace: { name: "a" } }]);
  assert.match(reply.headers.get(`trailer-${elapsedTrailer}`) ?? "", /^\d+$/);
  assert.equal((await post("ateapi.Control/Nonsense")).status, 501);
});

test("a first byte alone is not taken for a protocol", async () => {
  await using server = await serveRpc({ services, routes, listen: { host: "127.0.0.1", port: 0 } });
  const socket = net.connect(server.port ?? 0, "127.0.0.1");
  socket.setNoDelay();
  const request = `POST /ateapi.Control/GetAtespace HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`;
  for (const part of [request.slice(0, 1), request.slice(1, 2), request.slice(2)]) {
    await new Promise<void>((resolve) => socket.write(part, () => setImmediate(resolve)));
  }
  const answer = (await socket.toArray()).join("");
  assert.match(answer, /^HTTP\/1\.1 200 /);
});

test("a request that names no host is refused and the server lives on", async () => {
  await using server = await serveRpc({ services, routes, listen: { host: "127.0.0.1", port: 0 } });
  const socket = net.connect(server.port ?? 0, "127.0.0.1");
  socket.end(
    "POST /ateapi.Control/GetAtespace HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
  );
  assert.match((await socket.toArray()).join(""), / 400 /);
  const transport = rpcTransport(server.address);
  await createClient(health.Health, transport).check({});
  transport.close();
});

test("garbage ends its own connection only", async () => {
  await using server = await serveRpc({ services, routes, listen: { host: "127.0.0.1", port: 0 } });
  const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  for (const bytes of [
    `${preface}${"\xff".repeat(100)}`,
    "PRI of nothing at all",
    "\x16\x03\x01",
    "GET \0",
  ]) {
    const socket = net.connect(server.port ?? 0, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(bytes, "latin1");
    socket.resume();
    await once(socket, "close");
  }
  const reset = net.connect(server.port ?? 0, "127.0.0.1");
  await once(reset, "connect");
  reset.write(preface, () => reset.resetAndDestroy());
  await once(reset, "close");
  const transport = rpcTransport(server.address);
  await createClient(health.Health, transport).check({});
  transport.close();
});

test("closing ends streams at once and waits for unary calls no longer than its bound", async () => {
  await using server = await serveRpc({
    services,
    routes,
    listen: { host: "127.0.0.1", port: 0 },
    drainMs: 20,
  });
  const transport = rpcTransport(server.address);
  const stream = createClient(logs.Logs, transport).readLogs({})[Symbol.asyncIterator]();
  assert.equal((await stream.next()).value?.text, "first");
  const unary = createClient(ateapi.Control, transport).suspendActor({});
  await createClient(health.Health, transport).check({});
  const results = Promise.allSettled([stream.next(), unary]);
  await Promise.all([server.close(), server.close()]);
  for (const result of await results) {
    assert.equal(result.status, "rejected");
    assert.equal(ConnectError.from(result.reason).code, Code.Unavailable);
  }
  transport.close();
});

test("closing waits for no connection that is idle or silent", async () => {
  const server = await serveRpc({
    services,
    routes,
    listen: { host: "127.0.0.1", port: 0 },
    drainMs: 2 ** 31 - 1000,
  });
  const silent = net.connect(server.port ?? 0, "127.0.0.1");
  const ended = once(silent, "close");
  silent.resume();
  await once(silent, "connect");
  // Keeps its connection alive for another request.
  await (await fetch(`http://${server.address}/nothing`)).text();
  const transport = rpcTransport(server.address);
  await createClient(health.Health, transport).check({});
  await server.close();
  await ended;
  transport.close();
});

test("a socket file at which nobody answers is replaced, one in use is not", async () => {
  await using dir = await folder();
  const unixPath = join(dir.path, "s");
  const first = await serveRpc({ services, routes, listen: { unixPath } });
  await assert.rejects(serveRpc({ services, routes, listen: { unixPath } }), /already listens at/);
  await createClient(health.Health, rpcTransport(first.address)).check({});
  await first.close();

  const { spawnSync } = await import("node:child_process");
  const script = `require("net").createServer().listen(${JSON.stringify(unixPath)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", script]);
  assert.ok((await stat(unixPath)).isSocket());
  const second = await serveRpc({ services, routes, listen: { unixPath } });
  await createClient(health.Health, rpcTransport(second.address)).check({});
  await second.close();
});

test("a socket path that the kernel would cut is refused", async () => {
  const unixPath = `/tmp/${"x".repeat(103)}`;
  await assert.rejects(serveRpc({ services, routes, listen: { unixPath } }), /108 bytes; at most 107/);
});

test("calls are reported with what their callers are not told", async () => {
  const calls: string[] = [];
  await using server = await serveRpc({
    services,
    routes,
    listen: { host: "127.0.0.1", port: 0 },
    observe: (call) => calls.push(`${call.service}/${call.method} ${String(call.error?.cause ?? "ok")}`),
  });
  const transport = rpcTransport(server.address);
  const client = createClient(ateapi.Control, transport);
  await client.getAtespace({ name: "a" });
  await client.getAtespace({ name: "broken" }).catch(() => undefined);
  assert.deepEqual(calls, [
    "ateapi.Control/GetAtespace ok",
    "ateapi.Control/GetAtespace Error: the secret of the house",
  ]);
  transport.close();
});
