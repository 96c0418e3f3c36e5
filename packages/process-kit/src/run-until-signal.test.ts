import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { createBackoff, createMetrics, guardParent, runUntilSignal } from "./index.ts";

function untilAborted(signal: AbortSignal): Promise<unknown> {
  return signal.aborted ? Promise.resolve() : once(signal, "abort");
}

test("the first signal stops gracefully, the second abruptly", async () => {
  const abrupt: string[] = [];
  await runUntilSignal(
    async (stopping) => {
      process.emit("SIGTERM", "SIGTERM");
      await untilAborted(stopping);
      process.emit("SIGINT", "SIGINT");
    },
    { abrupt: (signal) => abrupt.push(signal) },
  );
  assert.deepEqual(abrupt, ["SIGINT"]);
  assert.equal(process.listenerCount("SIGTERM"), 0);
});

test("the end of stdin stops gracefully", async () => {
  const input = new PassThrough();
  const parentGone = guardParent(input);
  const stopped = runUntilSignal(async (stopping) => void (await untilAborted(stopping)), { parentGone });
  input.end();
  await stopped;
});

test("waits double up to their bound and begin anew", () => {
  const backoff = createBackoff({ minMs: 100, maxMs: 300, random: () => 1 });
  assert.deepEqual([backoff.next(), backoff.next(), backoff.next()], [100, 200, 300]);
  backoff.reset();
  assert.equal(backoff.next(), 100);
});

test("metrics render in the text format", async () => {
  const metrics = createMetrics();
  metrics.counter("substrate_resumes_total", "Resumes.", ["outcome"]).inc({ outcome: "ok" });
  metrics.gauge("substrate_queue_length", "Waiting.", { read: () => 3 });
  metrics.histogram("substrate_wake_seconds", "Wakes.").observe(0.02);
  const { contentType, body } = await metrics.render();
  assert.match(contentType, /^text\/plain/);
  assert.match(body, /^substrate_resumes_total\{outcome="ok"\} 1$/m);
  assert.match(body, /^substrate_queue_length 3$/m);
  assert.match(body, /^substrate_wake_seconds_bucket\{le="0.025"\} 1$/m);
});
