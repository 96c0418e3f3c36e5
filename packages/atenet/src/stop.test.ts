import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { neverResumes } from "./testing/fake-control-plane.ts";
import { TestRouter } from "./testing/test-router.ts";

const cart = { atespace: "shop", actorId: "cart", generation: 1n, address: "127.0.0.2" };

test("a stop lets what is in flight end, and refuses who waits", async () => {
  await using router = await TestRouter.start({ stopMs: 10_000 });
  const held = Promise.withResolvers<ServerResponse>();
  await using _actor = await router.actor(cart.address, (_request, response) => held.resolve(response));
  router.control.bind(cart);
  router.control.onResume = neverResumes;
  const inFlight = router.fetch("cart.shop");
  const response = await held.promise;
  const waiting = router.fetch("other.shop");
  await router.parked(1);
  const stopped = router.running.stop();
  const refused = await waiting;
  assert.equal(refused.status, 503);
  assert.equal(refused.headers["x-substrate-error"], "stopping");
  response.end("done");
  assert.equal((await inFlight).text, "done");
  await stopped;
  assert.equal(router.control.farewells, 1);
  assert.equal(router.running.stop(), router.running.stop());
  await assert.rejects(router.fetch("cart.shop", { agent: false }), { code: "ECONNREFUSED" });
});

test("a stop cuts what does not end in time", async () => {
  await using router = await TestRouter.start({ stopMs: 20 });
  const arrived = Promise.withResolvers<void>();
  await using _actor = await router.actor(cart.address, () => arrived.resolve());
  router.control.bind(cart);
  const answer = router.fetch("cart.shop", { method: "POST" });
  const settled = answer.then(
    ({ status }) => status,
    () => "cut",
  );
  await arrived.promise;
  await router.running.stop();
  assert.ok([502, "cut"].includes(await settled));
});
