/**
 * Messages on their way to one reader of a stream, in order. Bounded (L11): a reader that lets more
 * than `lengthMax` messages wait loses the stream.
 */
export class Outbox<T> implements AsyncIterable<T> {
  readonly #lengthMax: number;
  readonly #messages: T[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #failure: Error | undefined;

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  get length(): number {
    return this.#messages.length;
  }

  /** False when the stream is over, also because this message was one too many. */
  push(message: T, tooSlow?: Error): boolean {
    if (this.#ended) return false;
    if (this.#messages.length >= this.#lengthMax) {
      this.#messages.length = 0;
      this.end(tooSlow ?? new Error("the reader of the stream is too slow"));
      return false;
    }
    this.#messages.push(message);
    this.#wake?.();
    return true;
  }

  /** Ends the stream after what waits, or at once with a failure. */
  end(failure?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#wake?.();
  }

  /** Reads until the stream ends or `signal` aborts. One reader only. */
  async *read(signal: AbortSignal): AsyncGenerator<T> {
    const stop = () => this.end();
    signal.addEventListener("abort", stop, { once: true });
    try {
      if (signal.aborted) return;
      for (;;) {
        for (let next = this.#messages.shift(); next !== undefined; next = this.#messages.shift()) yield next;
        if (this.#failure) throw this.#failure;
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    } finally {
      signal.removeEventListener("abort", stop);
      this.#ended = true;
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<T> {
    return this.read(new AbortController().signal);
  }
}
