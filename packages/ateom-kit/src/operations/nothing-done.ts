import { toConnectError } from "@agent-substrate/rpc-kit";
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * Refused before anything was begun. It is not recorded as the operation's result, so that the same
 * id may come again when the worker is in another state. No subclass of `ConnectError`: that class
 * answers `instanceof` for all of its kind.
 */
export class NothingDone extends Error {
  override readonly name = "NothingDone";
}

/** What callers are told: FAILED_PRECONDITION for `NothingDone`, else as everywhere. */
export function toCallError(failure: unknown): ConnectError {
  if (failure instanceof NothingDone) {
    return new ConnectError(failure.message, Code.FailedPrecondition, undefined, undefined, failure);
  }
  return toConnectError(failure);
}
