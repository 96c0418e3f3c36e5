import { once } from "node:events";
import { runUntilSignal } from "@agent-substrate/process-kit";
import { Code, ConnectError } from "@connectrpc/connect";

export interface Stoppable {
  /** The first signal: end in order. */
  readonly stopping: AbortSignal;
  /** The second one: end at once, but leave nothing. */
  readonly hurry: AbortSignal;
}

/**
 * Runs `work` with the signals of a person who wants it to end: the first SIGTERM or SIGINT asks, the
 * second presses, the third leaves everything as it is (exit code 130). Answers whether `work` came to its
 * end by itself; what it throws because it was asked to stop is no failure.
 */
export async function runStoppable(work: (signals: Stoppable) => Promise<void>): Promise<boolean> {
  const hurry = new AbortController();
  const abrupt = () => {
    if (hurry.signal.aborted) process.exit(130);
    hurry.abort();
  };
  let completed = false;
  await runUntilSignal(
    async (stopping) => {
      try {
        await work({ stopping, hurry: hurry.signal });
        completed = true;
      } catch (error) {
        if (!stopping.aborted || !isAbort(error, stopping)) throw error;
      }
    },
    { abrupt },
  );
  return completed;
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (error === signal.reason) return true;
  if (!(error instanceof Error)) return false;
  return (
    error.name === "AbortError" ||
    ConnectError.from(error).code === Code.Canceled ||
    isAbort(error.cause, signal)
  );
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
