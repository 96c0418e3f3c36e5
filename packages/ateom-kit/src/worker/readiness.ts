// When a workload counts as ready: every container that has a readyz answered 200, asked in parallel
// and over kept-alive connections, so that the answer is known within about a millisecond.
import http from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { ReadyzProbe, WorkloadContainer } from "../back-end.ts";
import { actorAddress } from "../network/inner-link.ts";

/** For all containers together. */
export const readinessTimeoutMs = 30_000;
const tryTimeoutMs = 250;
const pauseBetweenTriesMs = 1;

/** A container did not answer 200 in time. `lastTry` says what it did. */
export class NotReady extends Error {
  readonly container: string;

  constructor(container: string, probe: ReadyzProbe, timeoutMs: number, lastTry: string) {
    super(
      `container "${container}" was not ready within ${timeoutMs / 1000} s: GET ${probe.path} on port ${probe.port}: ${lastTry}`,
    );
    this.name = "NotReady";
    this.container = container;
  }
}

/** One wait. */
export interface ReadinessOptions {
  /** Where the actor's ports are reached from this process. */
  readonly host: string;
  readonly containers: readonly WorkloadContainer[];
  /** Ends the wait with its reason. */
  readonly signal: AbortSignal;
  /** Default `readinessTimeoutMs`. */
  readonly timeoutMs?: number;
}

/** Returns when all are ready. Throws `NotReady`, or the signal's reason. */
export async function waitUntilReady(options: ReadinessOptions): Promise<void> {
  const { host, containers, signal, timeoutMs = readinessTimeoutMs } = options;
  const failed = new AbortController();
  const deadline = performance.now() + timeoutMs;
  const ended = AbortSignal.any([signal, failed.signal]);
  const waits = containers.map(async ({ name, readyz }) => {
    if (!readyz) return;
    try {
      const lastTry = await pollUntil200(host, readyz, deadline, ended);
      if (lastTry !== undefined) throw new NotReady(name, readyz, timeoutMs, lastTry);
    } catch (failure) {
      failed.abort(failure);
      throw failure;
    }
  });
  await Promise.all(waits);
  signal.throwIfAborted();
}

/** Answers nothing when ready, and what the last try gave when the deadline passed. */
async function pollUntil200(
  host: string,
  probe: ReadyzProbe,
  deadline: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (;;) {
      signal.throwIfAborted();
      const outcome = await tryOnce(agent, host, probe, signal);
      if (outcome === "200") return undefined;
      if (performance.now() >= deadline) return outcome;
      await delay(pauseBetweenTriesMs);
    }
  } finally {
    agent.destroy();
  }
}

function tryOnce(agent: http.Agent, host: string, probe: ReadyzProbe, signal: AbortSignal): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const request = http.get({
    agent,
    host,
    port: probe.port,
    path: probe.path,
    headers: { host: `${actorAddress}:${probe.port}` },
  });
  const timer = setTimeout(
    () => request.destroy(new Error(`no answer within ${tryTimeoutMs} ms`)),
    tryTimeoutMs,
  );
  const abort = () => request.destroy(new Error("given up"));
  signal.addEventListener("abort", abort, { once: true });
  request.on("response", (response) => {
    if (response.statusCode === 200) resolve("200");
    // The connection is kept only when the body was read to its end.
    response.on("end", () => resolve(`HTTP ${response.statusCode}`));
    response.on("error", (error) => resolve(error.message));
    response.resume();
  });
  request.on("error", (error) => resolve(error.message || String(error)));
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  });
}
