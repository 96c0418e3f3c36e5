// The control plane and the router are fakes here: servers of this test over real sockets.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { ateapi, images, watch } from "@agent-substrate/contract";
import { serveRpc } from "@agent-substrate/rpc-kit";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import {
  actorHost,
  createSubstrateClient,
  importImage,
  listAllActors,
  requestActor,
  watchChanges,
} from "./index.ts";

const services = [ateapi.Control, watch.Watch, images.Images];

function serve(routes: (router: ConnectRouter) => void, port = 0) {
  return serveRpc({ services, routes, listen: { host: "127.0.0.1", port } });
}

async function serveHttp(handler: RequestListener): Promise<{ address: string } & AsyncDisposable> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

test("all pages of a list", async () => {
  await using server = await serve((router) =>
    router.service(ateapi.Control, {
      listActors: ({ pageToken, atespace }) => {
        assert.equal(atespace, "a");
        return { actors: [{ actorId: `x${pageToken}` }], nextPageToken: pageToken === "" ? "1" : "" };
      },
    }),
  );
  using client = createSubstrateClient({ endpoint: server.address });
  assert.deepEqual(
    (await listAllActors(client, "a")).map(({ actorId }) => actorId),
    ["x", "x1"],
  );
});

test("an image goes in pieces of at most 1 MiB, its name first", async () => {
  const sizes: number[] = [];
  await using server = await serve((router) =>
    router.service(images.Images, {
      importImage: async (requests) => {
        let name = "";
        for await (const request of requests) {
          name ||= request.name;
          sizes.push(request.chunk.length);
        }
        return { reference: name };
      },
    }),
  );
  using client = createSubstrateClient({ endpoint: server.address });
  const archive = (async function* () {
    yield new Uint8Array(2_500_000);
    yield new Uint8Array(1);
  })();
  assert.equal(await importImage(client, { name: "i", archive }), "i");
  assert.deepEqual(sizes, [0, 1_048_576, 1_048_576, 402_848, 1]);
});

test("a watch goes on after a loss from where it was, and ends without an error", async () => {
  const asked: bigint[] = [];
  await using server = await serve((router) =>
    router.service(watch.Watch, {
      async *watch({ resumeAfter }, { signal }) {
        asked.push(resumeAfter);
        yield { version: resumeAfter + 1n, change: { case: "synced", value: {} } };
        if (asked.length === 1) throw new ConnectError("too slow", Code.ResourceExhausted);
        if (!signal.aborted) await once(signal, "abort");
      },
    }),
  );
  using client = createSubstrateClient({ endpoint: server.address });
  const enough = new AbortController();
  const versions: bigint[] = [];
  for await (const change of watchChanges(client, { actors: true, signal: enough.signal })) {
    versions.push(change.version);
    if (versions.length === 2) enough.abort();
  }
  assert.deepEqual(versions, [1n, 2n]);
  assert.deepEqual(asked, [0n, 1n]);
});

test("a reader that leaves a watch ends it at the server", { timeout: 10_000 }, async () => {
  const ended = Promise.withResolvers<void>();
  await using server = await serve((router) => {
    router.service(watch.Watch, {
      async *watch(_request, { signal }) {
        signal.addEventListener("abort", () => ended.resolve(), { once: true });
        yield { version: 1n, change: { case: "synced", value: {} } };
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    });
  });
  using client = createSubstrateClient({ endpoint: server.address });
  for await (const _change of watchChanges(client, { actors: true, signal: new AbortController().signal }))
    break;
  await ended.promise;
});

test("a watch that cannot begin is an error", async () => {
  using client = createSubstrateClient({ endpoint: "unix:/no/such.sock" });
  const watching = watchChanges(client, { events: true, signal: new AbortController().signal });
  await assert.rejects(watching.next(), { code: Code.Unavailable });
});

test("a request reaches an actor by its host name, streams both ways and stays at its router", async () => {
  await using router = await serveHttp((request, response) => {
    response.writeHead(201, { "x-host": request.headers.host, "x-url": request.url });
    request.pipe(response);
  });
  const init = { atespace: "demo", actor: "a", router: router.address };
  const response = await requestActor({ ...init, path: "//elsewhere/x?y=1", method: "POST", body: "hello" });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-host"), "a.demo.actors.resources.substrate.ate.dev");
  assert.equal(response.headers.get("x-url"), "//elsewhere/x?y=1");
  assert.equal(await response.text(), "hello");

  const body = new Blob(["streamed"]).stream();
  const streamed = await requestActor({ ...init, port: 8080, method: "POST", body });
  assert.equal(streamed.headers.get("x-host"), "8080.a.demo.actors.resources.substrate.ate.dev");
  assert.equal(await streamed.text(), "streamed");
});

test("an answer without a body, and a request that is given up", async () => {
  await using router = await serveHttp((request, response) => {
    if (request.url === "/empty") response.writeHead(204).end();
  });
  const init = { atespace: "demo", actor: "a", router: router.address };
  assert.equal((await requestActor({ ...init, path: "/empty" })).status, 204);
  await assert.rejects(requestActor({ ...init, signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("a name that is none becomes no host", () => {
  assert.throws(() => actorHost("demo", "a.evil"), { field: "actor" });
  assert.throws(() => actorHost("../x", "a"), { field: "atespace" });
});
