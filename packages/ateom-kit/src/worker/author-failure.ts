import { InvalidInput } from "@agent-substrate/contract";
import { toConnectError } from "@agent-substrate/rpc-kit";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Workload } from "../back-end.ts";
import { actorName } from "./worker-state.ts";

/** Of an author's words that callers are told. */
const messageLengthMax = 2000;

/**
 * Calls into the author's code. What it throws is told to callers in its own words, with the worker
 * and the actor before them: nobody else knows why a sandbox did not start. Its code stays where it
 * has one, else it is INTERNAL; the failure itself is the `cause`.
 */
export async function tellFailure<T>(uid: string, workload: Workload, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (failure) {
    const words = wordsOf(failure).slice(0, messageLengthMax);
    const text = `worker ${uid}, actor ${actorName(workload.key)}: ${words}`;
    const metadata = failure instanceof ConnectError ? failure.metadata : undefined;
    throw new ConnectError(text, codeOf(failure), metadata, undefined, failure);
  }
}

function wordsOf(failure: unknown): string {
  if (failure instanceof ConnectError) return failure.rawMessage;
  return failure instanceof Error ? failure.message || failure.name : String(failure);
}

function codeOf(failure: unknown): Code {
  const isKnown = failure instanceof ConnectError || failure instanceof InvalidInput;
  return isKnown ? toConnectError(failure).code : Code.Internal;
}
