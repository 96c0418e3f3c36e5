import { InvalidInput } from "@agent-substrate/contract";
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * What a caller is told of a failure. `InvalidInput` becomes INVALID_ARGUMENT with its text, a
 * `ConnectError` stays as it is, an abort becomes CANCELED and a timeout DEADLINE_EXCEEDED; all else
 * is INTERNAL with a text that says nothing of the inside, and the failure as its `cause`.
 */
export function toConnectError(failure: unknown): ConnectError {
  if (failure instanceof ConnectError) return failure;
  if (failure instanceof InvalidInput) return wrap(failure.message, Code.InvalidArgument, failure);
  const name = failure instanceof Error ? failure.name : "";
  if (name === "AbortError") return wrap("the call was cancelled", Code.Canceled, failure);
  if (name === "TimeoutError") return wrap("the deadline passed", Code.DeadlineExceeded, failure);
  return wrap("internal error; the server's log has the cause", Code.Internal, failure);
}

function wrap(text: string, code: Code, cause: unknown): ConnectError {
  return new ConnectError(text, code, undefined, undefined, cause);
}
