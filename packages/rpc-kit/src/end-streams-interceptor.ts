import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";

/** Ends streaming calls when `stopping` aborts, whether or not their handlers heed their own signal. */
export function endStreamsInterceptor(stopping: AbortSignal): Interceptor {
  return (next) => async (request) => {
    if (request.method.methodKind === "unary") return next(request);
    const interrupt = new Interrupt(stopping);
    try {
      const response = await interrupt.wait(next(request));
      if (response.stream) return { ...response, message: untilInterrupted(response.message, interrupt) };
      interrupt.release();
      return response;
    } catch (error) {
      interrupt.release();
      throw error;
    }
  };
}

async function* untilInterrupted<T>(messages: AsyncIterable<T>, interrupt: Interrupt): AsyncIterable<T> {
  const iterator = messages[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const result = await interrupt.wait(iterator.next());
      if (result.done) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } finally {
    interrupt.release();
    // Not awaited: a handler that never looks at its signal would hold the answer back.
    if (!ended) iterator.return?.()?.then(undefined, () => undefined);
  }
}

/**
 * Makes one wait at a time end when a signal aborts. Promise.race would keep a reaction on the signal's
 * promise for every message of a stream that lives for days.
 */
class Interrupt {
  readonly #signal: AbortSignal;
  #reject: ((reason: unknown) => void) | undefined;
  readonly #onAbort = () => this.#reject?.(stopped());

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  wait<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      promise.then(resolve, reject);
      if (this.#signal.aborted) reject(stopped());
    });
  }

  release(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#reject = undefined;
  }
}

function stopped(): ConnectError {
  return new ConnectError("the server is stopping", Code.Unavailable);
}
