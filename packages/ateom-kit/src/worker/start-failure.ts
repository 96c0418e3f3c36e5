import { Code, ConnectError } from "@connectrpc/connect";
import { NotReady } from "./readiness.ts";

/** A container ended before its workload was ready. */
export class StartEndedByExit extends Error {
  readonly container: string;

  constructor(message: string, container: string) {
    super(message);
    this.container = container;
  }
}

/** The container that kept a workload from becoming ready; undefined for every other failure. */
export function culpritOf(failure: unknown): string | undefined {
  const isContainers = failure instanceof NotReady || failure instanceof StartEndedByExit;
  return isContainers ? failure.container : undefined;
}

/** What callers are told: DEADLINE_EXCEEDED or FAILED_PRECONDITION, with what the container said last. */
export function explainStartFailure(failure: Error, lastLines: readonly string[]): ConnectError {
  const output = lastLines.length > 0 ? `; its last output: ${lastLines.join("\n")}` : "";
  const code = failure instanceof NotReady ? Code.DeadlineExceeded : Code.FailedPrecondition;
  return new ConnectError(failure.message + output, code);
}
