import type { Readable } from "node:stream";

/**
 * Runs `work` until SIGTERM or SIGINT (or `parentGone`), then waits for it to stop. `work` gets a signal
 * that aborts at the first of these and returns when it has stopped. A second signal calls `abrupt`, or
 * else exits at once with 128 + its number. Never leaves its handlers behind.
 */
export async function runUntilSignal(
  work: (stopping: AbortSignal) => Promise<void>,
  options: { parentGone?: AbortSignal; abrupt?: (signal: NodeJS.Signals) => void } = {},
): Promise<void> {
  const stopping = new AbortController();
  const abrupt = options.abrupt ?? ((signal) => process.exit(signal === "SIGINT" ? 130 : 143));
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping.signal.aborted) abrupt(signal);
    else stopping.abort(signal);
  };
  const onParentGone = () => {
    if (!stopping.signal.aborted) stopping.abort("the parent process is gone");
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  if (options.parentGone?.aborted) onParentGone();
  options.parentGone?.addEventListener("abort", onParentGone, { once: true });
  try {
    await work(stopping.signal);
  } finally {
    process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
    options.parentGone?.removeEventListener("abort", onParentGone);
  }
}

/** Aborts when `input` ends: the pipe that a supervisor gives as stdin ends when the supervisor dies. */
export function guardParent(input: Readable = process.stdin): AbortSignal {
  const gone = new AbortController();
  const end = () => gone.abort("the parent process is gone");
  input.once("end", end).once("close", end).once("error", end);
  input.resume();
  // A process that has stopped its servers may end although the pipe is still open.
  if ("unref" in input && typeof input.unref === "function") input.unref();
  return gone.signal;
}
