// Messages on their way into a stream. L11: bounded; a stream that takes nothing is broken, and
// whoever fills the outbox ends it.

/** An async iterable that is filled from outside. One reader. */
export class Outbox<T> implements AsyncIterable<T> {
  readonly #lengthMax: number;
  readonly #queue: T[] = [];
  #wakeReader: (() => void) | undefined;
  #isClosed = false;

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  /** False when the outbox is full or closed, and the message is not taken. */
  push(message: T): boolean {
    if (this.#isClosed || this.#queue.length >= this.#lengthMax) return false;
    this.#queue.push(message);
    this.#wakeReader?.();
    return true;
  }

  /** What was pushed is still read. */
  close(): void {
    this.#isClosed = true;
    this.#wakeReader?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const message = this.#queue.shift();
      if (message !== undefined) {
        yield message;
      } else if (this.#isClosed) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wakeReader = resolve;
        });
        this.#wakeReader = undefined;
      }
    }
  }
}
