import { Code, ConnectError } from "@connectrpc/connect";

/** Calls that may wait for their turn. */
const waitingMax = 16;

/** Performs one call after the other, in the order of their arrival. One that fails stops nobody. */
export interface Turns {
  /** RESOURCE_EXHAUSTED when too many wait. */
  take<T>(call: () => Promise<T>): Promise<T>;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
}

/** Turns of one worker. */
export function createTurns(): Turns {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    async take(call) {
      if (waiting > waitingMax) {
        throw new ConnectError("too many calls wait for this worker", Code.ResourceExhausted);
      }
      waiting += 1;
      const turn = tail.then(call);
      tail = turn.catch(() => undefined).finally(() => (waiting -= 1));
      return turn;
    },
    async idle() {
      while (waiting > 0) await tail;
    },
  };
}
