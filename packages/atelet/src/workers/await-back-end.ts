import { watch } from "node:fs";
import { Code, ConnectError } from "@connectrpc/connect";
import type { BackEndClient, BackEndDescription } from "./back-end-client.ts";

const tryAgainMs = 250;

/**
 * Waits until a back end answers on its socket, and answers what it says of itself. The directory of
 * the socket tells of every change in it; between bind and listen of the other side nothing does, so
 * a refused call is tried again.
 */
export async function awaitBackEnd(
  client: BackEndClient,
  directory: string,
  signal: AbortSignal,
): Promise<BackEndDescription | undefined> {
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
        if (!isNobodyThere(error)) throw error;
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

function isNobodyThere(error: unknown): boolean {
  const { code } = ConnectError.from(error);
  return [
    Code.Unavailable,
    Code.DeadlineExceeded,
    Code.Aborted,
    Code.Canceled,
    Code.Internal,
    Code.Unknown,
  ].includes(code);
}
