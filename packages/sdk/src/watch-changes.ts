import { setTimeout as wait } from "node:timers/promises";
import type { watch } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";
import type { SubstrateClient } from "./substrate-client.ts";

/** One change, as `watch.WatchResponse` has it. */
export type Change = watch.WatchResponse;

export interface WatchOptions {
  readonly actors?: boolean;
  readonly workers?: boolean;
  readonly resources?: boolean;
  readonly events?: boolean;
  /** "" or absent: of all. */
  readonly atespace?: string;
  readonly signal: AbortSignal;
}

const retryMinMs = 100;
const retryMaxMs = 5_000;

/**
 * First everything that is, then a `synced`, then changes as they happen, until the signal aborts, which
 * ends the iteration without an error. After a loss it goes on from the last version seen; where the
 * server no longer knows that, everything comes again up to another `synced`.
 */
export async function* watchChanges(client: SubstrateClient, options: WatchOptions): AsyncGenerator<Change> {
  const { signal: given, ...wanted } = options;
  // A reader that leaves the iteration ends its stream too; the server would hold it for as long as the connection.
  const left = new AbortController();
  try {
    yield* follow(client, wanted, AbortSignal.any([given, left.signal]));
  } finally {
    left.abort();
  }
}

async function* follow(
  client: SubstrateClient,
  wanted: Omit<WatchOptions, "signal">,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  let resumeAfter = 0n;
  let connected = false;
  for (let retryMs = retryMinMs; !signal.aborted; retryMs = Math.min(retryMaxMs, retryMs * 2)) {
    try {
      for await (const change of client.watch.watch({ ...wanted, resumeAfter }, { signal })) {
        connected = true;
        retryMs = retryMinMs;
        if (change.version > resumeAfter) resumeAfter = change.version;
        yield change;
      }
    } catch (error) {
      if (signal.aborted) return;
      // Only what was there and went away is worth waiting for.
      if (!connected || !isPassing(ConnectError.from(error).code)) throw error;
    }
    await wait(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

function isPassing(code: Code): boolean {
  // ResourceExhausted: this caller read too slowly, and goes on from where it was.
  return code === Code.Unavailable || code === Code.ResourceExhausted || code === Code.Aborted;
}
