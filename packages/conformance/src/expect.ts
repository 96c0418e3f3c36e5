// How items say what they expect. Each failure becomes a sentence about what was seen.
import { isDeepStrictEqual } from "node:util";
import { Code, ConnectError } from "@connectrpc/connect";
import { Violation } from "./violation.ts";

/** Throws a `Violation` that says `seen` where `condition` does not hold. */
export function expect(condition: unknown, seen: string): asserts condition {
  if (!condition) throw new Violation(seen);
}

export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Violation(`${what} is ${JSON.stringify(actual)}; expected ${JSON.stringify(expected)}`);
}

/**
 * The call must fail, and with one of `codes` where some are named. A lost connection or an elapsed
 * deadline is no refusal.
 */
export async function expectRefusal(
  call: Promise<unknown>,
  what: string,
  ...codes: readonly Code[]
): Promise<ConnectError> {
  const error = await call.then(
    () => undefined,
    (failure: unknown) => ConnectError.from(failure),
  );
  if (!error) throw new Violation(`${what} was answered with success`);
  if (isOwnDeadline(error)) throw new Violation(`${what} was not answered in time`);
  if (error.code === Code.Unavailable) {
    throw new Violation(`${what} ended the connection instead of being answered: ${error.rawMessage}`);
  }
  if (codes.length > 0 && !codes.includes(error.code)) {
    const wanted = codes.map((code) => codeName(code)).join(" or ");
    throw new Violation(
      `${what} was refused with ${codeName(error.code)} (${error.rawMessage}); expected ${wanted}`,
    );
  }
  return error;
}

/** The client's own word; a back end may refuse with the same code in other words. */
function isOwnDeadline({ code, rawMessage }: ConnectError): boolean {
  return code === Code.DeadlineExceeded && rawMessage === "the operation timed out";
}

/** The call must succeed; its failure is told in the back end's own words. */
export async function expectSuccess<T>(call: Promise<T>, what: string): Promise<T> {
  try {
    return await call;
  } catch (failure) {
    if (failure instanceof Violation) throw failure;
    const { code, rawMessage } = ConnectError.from(failure);
    throw new Violation(`${what} failed with ${codeName(code)}: ${rawMessage}`);
  }
}

/** `INVALID_ARGUMENT` for `Code.InvalidArgument`. */
export function codeName(code: Code): string {
  return Code[code].replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}
