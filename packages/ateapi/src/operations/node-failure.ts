import { Code, ConnectError } from "@connectrpc/connect";
import type { OperationRun } from "./operation-table.ts";

/**
 * `unreachable`: the node did not answer, and what it did is unknown; the same call may be repeated.
 * `worker`: this worker is of no use; another one may be.
 * `refused`: the node answered no; another worker would say the same.
 */
export type NodeFailureKind = "unreachable" | "worker" | "refused";

export interface NodeFailure {
  readonly kind: NodeFailureKind;
  /** What callers are told. Never RESOURCE_EXHAUSTED, which older routers turn into 429. */
  readonly error: ConnectError;
}

/** Reads what a call to a node rejected with; `what` begins the message. Rethrows when the server stops. */
export function readNodeFailure(
  thrown: unknown,
  what: string,
  { signal, stopping }: Pick<OperationRun, "signal" | "stopping">,
): NodeFailure {
  stopping.throwIfAborted();
  const { code, rawMessage } = ConnectError.from(thrown);
  const told = (as: Code) => new ConnectError(`${what}: ${rawMessage}`, as, undefined, undefined, thrown);
  if (signal.aborted) {
    return { kind: "refused", error: new ConnectError(`${what}: it took too long`, Code.DeadlineExceeded) };
  }
  switch (code) {
    case Code.Unavailable:
    case Code.Canceled:
      return { kind: "unreachable", error: told(Code.Unavailable) };
    case Code.NotFound:
    case Code.Aborted:
      return { kind: "worker", error: told(Code.Unavailable) };
    case Code.FailedPrecondition:
    case Code.InvalidArgument:
    case Code.ResourceExhausted:
    case Code.Unimplemented:
      return { kind: "refused", error: told(Code.FailedPrecondition) };
    case Code.DeadlineExceeded:
      return { kind: "refused", error: told(Code.DeadlineExceeded) };
    default:
      return { kind: "refused", error: told(Code.Internal) };
  }
}
