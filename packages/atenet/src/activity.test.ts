import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { TestRouter } from "./testing/test-router.ts";

const cart = { atespace: "shop", actorId: "cart", generation: 7n, address: "127.0.0.2" };

test("the first request of a generation is told at once, and last that nothing is in flight", async () => {
  await using router = await TestRouter.start();
  const held = Promise.withResolvers<ServerResponse>();
  await using _actor = await router.actor(cart.address, (_request, response) => held.resolve(response));
  router.control.bind(cart);
  const answer = router.fetch("cart.shop");
  const { activity } = router.control;
  await router.control.until(() => activity.length >= 1);
  assert.equal(activity[0]?.actorId, "cart");
  assert.equal(activity[0]?.generation, 7n);
  assert.equal(activity[0]?.inFlight, 1);
  (await held.promise).end();
  await answer;
  await router.control.until(() => activity.at(-1)?.inFlight === 0);
});
