import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { raceAbort } from "./race-abort.ts";

test("an abort ends the wait, before and during it, and leaves neither a listener nor an unhandled rejection", async () => {
  for (const isAbortedBefore of [true, false]) {
    const controller = new AbortController();
    const late = Promise.withResolvers<never>();
    const reason = new Error("given up");
    if (isAbortedBefore) controller.abort(reason);
    const waiting = raceAbort(late.promise, controller.signal);
    controller.abort(reason);
    await assert.rejects(waiting, reason);
    // Unhandled, it would end this test.
    late.reject(new Error("failed afterwards"));
    await nextTurn();
    assert.deepEqual(getEventListeners(controller.signal, "abort"), []);
  }
});

test("what comes first is the answer", async () => {
  const { signal } = new AbortController();
  assert.equal(await raceAbort(Promise.resolve(1), signal), 1);
  await assert.rejects(raceAbort(Promise.reject(new Error("failed")), signal), /failed/);
  assert.deepEqual(getEventListeners(signal, "abort"), []);
});
