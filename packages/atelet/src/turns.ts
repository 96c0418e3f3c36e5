import { Code, ConnectError } from "@connectrpc/connect";

/** Lets a bounded number of tasks run at once; a bounded number of others waits, in order (L11). */
export class Turns {
  readonly #what: string;
  readonly #runningMax: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** `what` names the tasks in errors. `runningMax` defaults to 1. */
  constructor(what: string, options: { runningMax?: number; waitingMax: number }) {
    this.#what = what;
    this.#runningMax = options.runningMax ?? 1;
    this.#waitingMax = options.waitingMax;
  }

  /** Tasks that wait now. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** RESOURCE_EXHAUSTED when too many wait already. */
  async take<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#runningMax) {
      if (this.#waiting.length >= this.#waitingMax) {
        throw new ConnectError(`too many ${this.#what} are waiting; try again later`, Code.ResourceExhausted);
      }
      // Whoever ends hands its turn over, so `running` stays as it is.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
