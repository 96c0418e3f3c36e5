import { setTimeout as wait } from "node:timers/promises";
import { extensions } from "@agent-substrate/contract";
import { createBackoff } from "@agent-substrate/process-kit";
import type { Worker } from "./worker.ts";

/**
 * Follows what a back end tells of its worker, until the signal aborts. A stream that breaks is taken
 * up again, and what happened meanwhile is asked for.
 */
export async function watchWorker(worker: Worker, signal: AbortSignal): Promise<void> {
  const backoff = createBackoff({ minMs: 50, maxMs: 2_000 });
  while (!signal.aborted) {
    const left = new AbortController();
    try {
      const call = { signal: AbortSignal.any([signal, left.signal]) };
      const events = worker.client.extensions.watch({}, call)[Symbol.asyncIterator]();
      // Asked for at once: a stream that nobody reads rejects where nobody hears it, which ends the process.
      const first = events.next();
      const [next] = await Promise.all([first, noticeMissedEnd(worker, signal)]);
      for (let told = next; !told.done; told = await events.next()) {
        backoff.reset();
        const { event } = told.value;
        if (event.case === "exited") noticeExit(worker, event.value);
        else if (event.case === "available") await noticeMissedEnd(worker, signal);
      }
    } catch {
      // The back end stops, or the stream broke: the end of its process tells which.
    } finally {
      left.abort();
    }
    await wait(backoff.next(), undefined, { signal }).catch(() => undefined);
  }
}

async function noticeMissedEnd(worker: Worker, signal: AbortSignal): Promise<void> {
  const { state } = worker;
  if (state.kind !== "executing" || state.step.kind !== "running") return;
  const status = await worker.client.extensions.getStatus({}, { signal });
  if (status.state === extensions.GetStatusResponse_State.AVAILABLE && worker.state === state) {
    endLostWorkload(worker, "its workload ended");
  }
}

function noticeExit(worker: Worker, exit: extensions.WorkloadExited): void {
  const assignment = worker.assignment;
  const isCurrent =
    assignment?.key.actorId === exit.actor?.actorId &&
    (exit.actor?.generation ?? 0n) === assignment?.generation;
  if (!isCurrent) return;
  const how = exit.outOfMemory
    ? "was ended for want of memory"
    : exit.signal > 0
      ? `was ended by signal ${exit.signal}`
      : `exited with code ${exit.exitCode}`;
  endLostWorkload(worker, `container ${JSON.stringify(exit.container)} ${how}`);
}

/** Tells of a workload that ended by itself, and blanks its worker. An operation that holds it sees that itself. */
export function endLostWorkload(worker: Worker, reason: string): void {
  const { state } = worker;
  if (state.kind !== "executing" || state.step.kind !== "running") return;
  worker.lose(state.assignment, reason);
  // Where it fails, the worker stays as it is, and the control plane ends it.
  worker.clear(state.assignment).catch(() => undefined);
}
