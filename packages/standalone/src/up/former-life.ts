import { once } from "node:events";
import { connect } from "node:net";

/**
 * Waits until nobody answers on a Unix socket any more: the servers of an `up` that was killed end by
 * themselves, and need a moment for it. Throws when the signal aborts first.
 */
export async function waitForSilence(socketPath: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const socket = connect(socketPath);
    try {
      await once(socket, "connect", { signal });
      // Whoever serves closes it at its end.
      await once(socket.resume(), "close", { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (isSilence(error)) return;
      throw error;
    } finally {
      socket.destroy();
    }
  }
}

function isSilence(error: unknown): boolean {
  return ["ENOENT", "ECONNREFUSED"].includes((error as NodeJS.ErrnoException).code ?? "");
}
