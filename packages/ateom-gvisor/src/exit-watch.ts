// Tells the end of a container, and never one that did not happen: what could not be asked is asked
// again, and then awaited with the end of the whole sandbox, which the kernel tells.
import { setTimeout as delay } from "node:timers/promises";
import type { ExitStatus } from "./sandbox-control.ts";
import { whenAborted } from "./when-aborted.ts";

/** Questions that may stay without an answer while the sandbox lives. */
const questionsMax = 6;
const firstPauseMs = 10;

/** What dies with its sandbox has been killed. */
const killed: ExitStatus = { signal: 9 };

export interface WatchedContainer {
  /** Asks the sandbox and waits for the answer; undefined where none came. */
  ask(signal: AbortSignal): Promise<ExitStatus | undefined>;
  /** Settles when the sandbox's process has ended. */
  readonly sandboxEnded: Promise<void>;
  /** The sandbox lives and does not answer: a single container's end will not be noticed. */
  onMute(): void;
}

/** How the container ended; undefined once `signal` aborts. Never rejects. */
export async function watchExit(
  { ask, sandboxEnded, onMute }: WatchedContainer,
  signal: AbortSignal,
): Promise<ExitStatus | undefined> {
  let hasSandboxEnded = false;
  const ended = sandboxEnded.then(() => {
    hasSandboxEnded = true;
  });
  const over = Promise.race([ended, whenAborted(signal)]);
  for (let question = 0; question < questionsMax; question += 1) {
    const status = await ask(signal);
    if (signal.aborted) return undefined;
    if (status) return status;
    // An answer that did not come because the sandbox ended is soon followed by the news of its end.
    await Promise.race([over, delay(firstPauseMs * 2 ** question, undefined, { ref: false })]);
    if (signal.aborted) return undefined;
    if (hasSandboxEnded) return killed;
  }
  onMute();
  await over;
  return signal.aborted ? undefined : killed;
}
