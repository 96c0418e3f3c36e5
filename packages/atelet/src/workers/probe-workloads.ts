// The ends of workloads, where a back end tells nothing of them: it knows the base contract alone, which
// has no such event. An actor whose readiness is asked at the port that is its way in, and that has taken
// connections there, has ended when none is taken any more for as long as a start may take to be ready.
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { WorkerState } from "./execution.ts";
import { endLostWorkload } from "./watch-worker.ts";
import type { Worker } from "./worker.ts";

export interface ProbePatience {
  /** The way into an actor. Default 80. */
  readonly port: number;
  /** From one connection to the next. Default 5 s. */
  readonly intervalMs: number;
  /** Refusals one after the other that mean the end. Default 6, which is 30 s. */
  readonly refusalsMax: number;
}

const actorPort = 80;
const defaultPatience: ProbePatience = { port: actorPort, intervalMs: 5_000, refusalsMax: 6 };
/** Longer than the kernel looks for an address that is gone. */
const connectTimeoutMs = 5_000;

/** Until the signal aborts, looks after whatever the worker runs; one that has ended is lost and cleared. */
export function probeWorkloads(
  worker: Worker,
  signal: AbortSignal,
  patience: ProbePatience = defaultPatience,
): void {
  let left = new AbortController();
  const follow = () => {
    left.abort();
    if (signal.aborted || !hasWayIn(worker.state)) return;
    left = new AbortController();
    probe(worker, AbortSignal.any([signal, left.signal]), patience).catch(() => undefined);
  };
  worker.events.on("changed", follow);
  signal.addEventListener("abort", () => worker.events.off("changed", follow), { once: true });
}

function hasWayIn(state: WorkerState): boolean {
  if (state.kind !== "executing" || state.step.kind !== "running") return false;
  return state.step.running.workload.containers.some(({ readyz }) => readyz?.port === actorPort);
}

async function probe(worker: Worker, signal: AbortSignal, patience: ProbePatience): Promise<void> {
  const { port, intervalMs, refusalsMax } = patience;
  let hasAccepted = false;
  for (let refusals = 0; refusals < refusalsMax; ) {
    const answer = await tryToConnect(worker.link.workerAddress, port, signal);
    if (answer === "accepted") hasAccepted = true;
    if (answer === "accepted") refusals = 0;
    // One that never took a connection may have another way in.
    else if (answer === "refused" && hasAccepted) refusals += 1;
    await wait(intervalMs, undefined, { signal });
  }
  endLostWorkload(worker, `it takes no connection on port ${port} any more`);
}

/** `unknown`: a program that is busy does not answer either. */
async function tryToConnect(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<"accepted" | "refused" | "unknown"> {
  const { promise, resolve } = Promise.withResolvers<"accepted" | "refused" | "unknown">();
  const socket = connect({ host, port, timeout: connectTimeoutMs, signal });
  socket.on("connect", () => resolve("accepted"));
  socket.on("timeout", () => resolve("unknown"));
  socket.on("error", ({ code }: NodeJS.ErrnoException) =>
    resolve(code === "ECONNREFUSED" || code === "EHOSTUNREACH" ? "refused" : "unknown"),
  );
  const answer = await promise;
  socket.destroy();
  signal.throwIfAborted();
  return answer;
}
