import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { neverResumes } from "./testing/fake-control-plane.ts";
import { TestRouter } from "./testing/test-router.ts";

const cart = { atespace: "shop", actorId: "cart", generation: 1n, address: "127.0.0.2" };

test("one resume serves all who wait, in their order", async () => {
  await using router = await TestRouter.start();
  await using actor = await router.actor(cart.address, (_request, response) => response.end("awake"));
  const go = Promise.withResolvers<undefined>();
  router.control.onResume = () => go.promise;
  const answers = [];
  for (let index = 0; index < 50; index++) {
    answers.push(router.fetch("cart.shop", { path: `/${index}` }));
    await router.parked(index + 1);
  }
  assert.deepEqual(router.control.resumes, ["shop/cart"]);
  router.control.bind(cart);
  go.resolve(undefined);
  for (const answer of await Promise.all(answers)) assert.equal(answer.text, "awake");
  assert.deepEqual(router.control.resumes, ["shop/cart"]);
  assert.equal(actor.requests.length, 50);
  assert.equal(actor.requests[0], "GET /0");
});

test("the answer of a request that waited says where the time went, and it adds up", async () => {
  await using router = await TestRouter.start();
  await using _actor = await router.actor(cart.address, (_request, response) => response.end());
  router.control.onResume = async () => {
    const startedMs = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    setImmediate(() => router.control.bind(cart));
    return [{ name: "restore", durationMs: (performance.now() - startedMs) / 2 }];
  };
  const answer = await router.fetch("cart.shop");
  const phases = new Map(
    String(answer.headers["server-timing"])
      .split(", ")
      .map((phase) => phase.split(";dur=") as [string, string])
      .map(([name, duration]) => [name, Number(duration)]),
  );
  assert.deepEqual([...phases.keys()], ["park", "restore", "call", "route", "first-byte", "other", "total"]);
  const total = phases.get("total") ?? 0;
  const sum = [...phases.values()].reduce((all, duration) => all + duration, 0) - total;
  assert.ok(Math.abs(sum - total) < 0.01, `${sum} is not ${total}`);
  assert.equal((await router.fetch("cart.shop")).headers["server-timing"], undefined);
});

test("the report of a wake is waited for when the binding and the actor are quicker", async () => {
  await using router = await TestRouter.start();
  const answered = Promise.withResolvers<void>();
  await using _actor = await router.actor(cart.address, (request, response) => {
    response.writeHead(200, { "content-length": "4" });
    if (request.method === "HEAD") response.end();
    else response.end("body");
    setImmediate(answered.resolve);
  });
  router.control.onResume = async () => {
    router.control.bind(cart);
    await answered.promise;
    return [{ name: "restore", durationMs: 1 }];
  };
  const answer = await router.fetch("cart.shop");
  assert.match(String(answer.headers["server-timing"]), /restore;dur=1\.000/);
  assert.equal(answer.text, "body");
  router.control.unbind(cart);
  await router.control.delivered();
  router.control.onResume = (name, signal) => {
    router.control.bind({ ...cart, generation: 2n });
    return neverResumes(name, signal);
  };
  const late = await router.fetch("cart.shop", { method: "HEAD" });
  assert.equal(late.status, 200);
  assert.match(String(late.headers["server-timing"]), /^park;dur=[\d.]+, first-byte;/);
});

test("a client that hangs up leaves the queue, and the last one ends the call", async () => {
  await using router = await TestRouter.start();
  const aborted = Promise.withResolvers<void>();
  router.control.onResume = (_name, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted.resolve();
        reject(signal.reason);
      });
    });
  const first = router.request("cart.shop").on("error", () => {});
  const second = router.request("cart.shop").on("error", () => {});
  first.end();
  second.end();
  await router.parked(2);
  first.destroy();
  await router.parked(1);
  second.destroy();
  await router.parked(0);
  await aborted.promise;
});

test("past the bounds a request is refused at once", async () => {
  await using router = await TestRouter.start({ parkedPerActorMax: 2, parkedMax: 3 });
  router.control.onResume = neverResumes;
  const waiting = ["cart.shop", "cart.shop", "other.shop"].map((host) => {
    const request = router.request(host).on("error", () => {});
    request.end();
    return request;
  });
  await router.parked(3);
  for (const host of ["cart.shop", "third.shop"]) {
    const refused = await router.fetch(host);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers["x-substrate-error"], "parking-full");
    assert.equal(refused.headers["retry-after"], "1");
  }
  for (const request of waiting) request.destroy();
});

test("patience ends", async () => {
  await using router = await TestRouter.start({ patienceMs: 30 });
  router.control.onResume = neverResumes;
  const refused = await router.fetch("cart.shop");
  assert.equal(refused.status, 503);
  assert.equal(refused.headers["x-substrate-error"], "wake-timeout");
  assert.equal(refused.headers["retry-after"], "1");
});

const mapping: [code: Code, status: number, name: string][] = [
  [Code.NotFound, 404, "not-found"],
  [Code.FailedPrecondition, 503, "failed-precondition"],
  [Code.Unavailable, 503, "unavailable"],
  [Code.DeadlineExceeded, 504, "deadline-exceeded"],
  [Code.PermissionDenied, 403, "permission-denied"],
  [Code.Unauthenticated, 401, "unauthenticated"],
  [Code.ResourceExhausted, 429, "resource-exhausted"],
  [Code.Internal, 500, "internal"],
  [Code.InvalidArgument, 500, "invalid-argument"],
];

test("the codes of the control plane become the statuses of the contract", async () => {
  await using router = await TestRouter.start();
  for (const [code, status, name] of mapping) {
    router.control.onResume = async () => {
      throw new ConnectError("no\nway", code);
    };
    const answer = await router.fetch("cart.shop");
    assert.equal(answer.status, status, name);
    assert.equal(answer.headers["x-substrate-error"], `control-plane-${name}`);
    assert.equal(answer.text, "actor shop/cart: no way\n");
  }
});

test("a wake goes on after another operation, and after a control plane that was away", async () => {
  await using router = await TestRouter.start();
  await using _actor = await router.actor(cart.address, (_request, response) => response.end("awake"));
  let tries = 0;
  router.control.onResume = async (name, signal) => {
    tries++;
    if (tries === 1) throw new ConnectError("a suspend is under way", Code.Aborted);
    if (tries === 2) {
      void router.control.stopListening().then(() => router.control.listen());
      return neverResumes(name, signal);
    }
    router.control.bind(cart);
    return undefined;
  };
  assert.equal((await router.fetch("cart.shop")).text, "awake");
  assert.equal(tries, 3);
});

test("a body is not read while its request waits", async () => {
  await using router = await TestRouter.start();
  await using _actor = await router.actor(cart.address, async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    response.end(String(bytes));
  });
  const go = Promise.withResolvers<undefined>();
  router.control.onResume = () => go.promise;
  const total = 32 * 1024 * 1024;
  const outgoing = router.request("cart.shop", { method: "POST", headers: { "content-length": total } });
  const block = Buffer.alloc(1024 * 1024);
  let isHeldBack = false;
  for (let bytes = 0; bytes < total; bytes += block.length) isHeldBack = !outgoing.write(block);
  outgoing.end();
  await router.parked(1);
  for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(
    isHeldBack && outgoing.writableLength > total / 2,
    `${outgoing.writableLength} bytes are held back`,
  );
  router.control.bind(cart);
  go.resolve(undefined);
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  const [text] = (await once(response, "data")) as [Buffer];
  assert.equal(text.toString(), String(total));
});
