import { watch } from "node:fs";
import { Code, ConnectError } from "@connectrpc/connect";
import type { BackEndClient, BackEndDescription } from "./back-end-client.ts";

const tryAgainMs = 250;

/** Nobody serves the socket yet. */
const isNobody: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.DeadlineExceeded,
  Code.Aborted,
  Code.Canceled,
]);
/** A connection that ended in the middle, or a server that fails at what it does not know. */
const isUnclear: ReadonlySet<Code> = new Set([Code.Internal, Code.Unknown]);
const unclearMax = 10;

/**
 * Waits until a back end answers on its socket, and answers what it says of itself; undefined where that
 * is nothing, and the base contract alone is spoken with it. The directory of the socket tells of every
 * change in it; between bind and listen of the other side nothing does, so a refused call is tried again.
 */
export async function awaitBackEnd(
  client: BackEndClient,
  directory: string,
  signal: AbortSignal,
): Promise<BackEndDescription | undefined> {
  let unclear = 0;
  let wake = () => {};
  const watcher = watch(directory, () => wake());
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        return await client.describe();
      } catch (error) {
        const { code } = ConnectError.from(error);
        if (isUnclear.has(code)) unclear += 1;
        // Somebody answers, and has no words for a service that it does not know.
        if (unclear >= unclearMax || !(isUnclear.has(code) || isNobody.has(code))) return undefined;
      }
      const timer = setTimeout(() => wake(), tryAgainMs);
      await changed;
      clearTimeout(timer);
    }
  } finally {
    watcher.close();
    signal.removeEventListener("abort", onAbort);
  }
}
