import type { Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Bindings } from "./bindings.ts";

/** Accepts no more connections, waits up to `waitMs` for what is under way, then cuts it. Not an error if it does not listen. */
export async function stopListener(
  server: Server,
  bindings: Bindings | undefined,
  waitMs: number,
): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const patience = new AbortController();
  const overdue = delay(waitMs, undefined, { signal: patience.signal }).catch(() => {});
  await Promise.race([closed, overdue]);
  patience.abort();
  // Upgraded connections are no longer the server's to close.
  bindings?.end();
  server.closeAllConnections();
  await closed;
}
