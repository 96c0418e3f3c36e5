import { elapsedTrailer } from "@agent-substrate/contract";
import type { ConnectError, Interceptor } from "@connectrpc/connect";
import { toConnectError } from "./connect-errors.ts";

/** One call that a server answered. */
export interface ObservedCall {
  /** Full name, as `ateapi.Control`. */
  readonly service: string;
  readonly method: string;
  /** Absent when the call succeeded. */
  readonly error?: ConnectError;
  readonly durationMs: number;
}

/**
 * Adds the trailer `x-server-elapsed-us` to unary replies and errors, gives every failure its form on
 * the wire, and reports each call when it ends. A streaming call ends with its last message.
 */
export function answerInterceptor(observe: (call: ObservedCall) => void): Interceptor {
  return (next) => async (request) => {
    const start = performance.now();
    const finish = (failure?: unknown): ConnectError | undefined => {
      const durationMs = performance.now() - start;
      const error = failure === undefined ? undefined : toConnectError(failure);
      observe({
        service: request.service.typeName,
        method: request.method.name,
        durationMs,
        ...(error && { error }),
      });
      error?.metadata.set(elapsedTrailer, String(Math.round(durationMs * 1000)));
      return error;
    };
    try {
      const response = await next(request);
      if (response.stream) return { ...response, message: watchStream(response.message, finish) };
      response.trailer.set(elapsedTrailer, String(Math.round((performance.now() - start) * 1000)));
      finish();
      return response;
    } catch (failure) {
      throw finish(failure);
    }
  };
}

async function* watchStream<T>(
  messages: AsyncIterable<T>,
  finish: (failure?: unknown) => ConnectError | undefined,
): AsyncIterable<T> {
  let failure: unknown;
  try {
    yield* messages;
  } catch (thrown) {
    failure = thrown ?? new Error("a stream failed without a reason");
  } finally {
    failure = finish(failure);
  }
  if (failure) throw failure;
}
