import { once } from "node:events";
import { runUntilSignal } from "@agent-substrate/process-kit";

export interface Stoppable {
  /** The first signal: end in order. */
  readonly stopping: AbortSignal;
  /** The second one: end at once, but leave nothing. */
  readonly hurry: AbortSignal;
}

/**
 * Runs `work` with the signals of a person who wants it to end: the first SIGTERM or SIGINT asks, the
 * second presses, the third leaves everything as it is (exit code 130).
 */
export async function runStoppable(work: (signals: Stoppable) => Promise<void>): Promise<void> {
  const hurry = new AbortController();
  const abrupt = () => {
    if (hurry.signal.aborted) process.exit(130);
    hurry.abort();
  };
  await runUntilSignal((stopping) => work({ stopping, hurry: hurry.signal }), { abrupt });
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
