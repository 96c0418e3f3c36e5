import { Code, ConnectError } from "@connectrpc/connect";

/** Lets one task at a time run; a bounded number of others waits, in order. */
export class Turns {
  readonly #waitingMax: number;
  readonly #what: string;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(waitingMax: number, what: string) {
    this.#waitingMax = waitingMax;
    this.#what = what;
  }

  /** RESOURCE_EXHAUSTED when too many wait already. */
  take<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting > this.#waitingMax) {
      throw new ConnectError(`too many ${this.#what} are waiting; try again later`, Code.ResourceExhausted);
    }
    this.#waiting += 1;
    const turn = this.#last.then(task).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
