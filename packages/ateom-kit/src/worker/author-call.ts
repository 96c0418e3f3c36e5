// Calls into the author's code have a deadline that does not depend on the author: the signal aborts
// first, and a call that does not heed it is left behind.
import { type Phase, PhaseClock } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Workload } from "../back-end.ts";

/** How long an author's function may take to come back after its signal aborted. */
const graceMs = 10_000;

/** Calls with a deadline. Throws what the call throws, or DEADLINE_EXCEEDED, or `signal`'s reason. */
export async function callAuthor<T>(
  name: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const late = new AbortController();
  const ended = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  const abandoned = Promise.withResolvers<never>();
  let grace: NodeJS.Timeout | undefined;
  const beginGrace = () => {
    grace = setTimeout(() => abandoned.reject(ended.reason), graceMs);
  };
  ended.addEventListener("abort", beginGrace, { once: true });
  const timer = setTimeout(() => {
    late.abort(new ConnectError(`${name} did not end within ${timeoutMs / 1000} s`, Code.DeadlineExceeded));
  }, timeoutMs);
  try {
    const result = await Promise.race([call(ended), abandoned.promise]);
    return result;
  } catch (failure) {
    // What an author throws because of the abort says less than why it was aborted.
    throw ended.aborted ? ended.reason : failure;
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    ended.removeEventListener("abort", beginGrace);
  }
}

/**
 * Counts the call in the workload's phases under `name`, split by what the author measures. The
 * author gets a clock of its own, so that its phases lie within the kit's.
 */
export function measureAuthor<T>(
  name: string,
  workload: Workload,
  call: (workload: Workload) => Promise<T>,
): Promise<T> {
  return workload.phases.measureCall(name, async (report) => {
    const phases = new PhaseClock();
    try {
      return await call({ ...workload, phases });
    } finally {
      report(phases.finish().filter((phase: Phase) => phase.name !== "other"));
    }
  });
}
