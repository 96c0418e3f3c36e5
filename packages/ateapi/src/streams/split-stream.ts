interface Branch<T> {
  readonly waiting: T[];
  wake?: () => void;
  closed: boolean;
}

/**
 * Gives every item to each of the readers. The source is read as fast as the slowest of those that
 * still read; when a reader leaves, the others go on. A failure of the source reaches every reader.
 */
export function splitStream<T, R>(
  source: AsyncIterable<T>,
  readers: readonly R[],
): (readonly [R, AsyncIterable<T>])[] {
  const iterator = source[Symbol.asyncIterator]();
  const branches: Branch<T>[] = [];
  let reading = false;
  let ended = false;
  let failure: unknown;

  const wakeAll = () => {
    for (const branch of branches) branch.wake?.();
  };
  const pull = async () => {
    // One item at a time, and only when everybody took the last one: nothing piles up.
    if (reading || ended || branches.some(({ waiting, closed }) => !closed && waiting.length > 0)) return;
    reading = true;
    try {
      const { done, value } = await iterator.next();
      if (done) ended = true;
      else for (const branch of branches) if (!branch.closed) branch.waiting.push(value);
    } catch (error) {
      ended = true;
      failure = error;
    }
    reading = false;
    wakeAll();
  };

  return readers.map((reader) => {
    const branch: Branch<T> = { waiting: [], closed: false };
    branches.push(branch);
    return [reader, read(branch)];
  });

  async function* read(branch: Branch<T>): AsyncGenerator<T> {
    try {
      for (;;) {
        const item = branch.waiting.shift();
        if (item !== undefined) {
          yield item;
        } else if (failure !== undefined) throw failure;
        else if (ended) return;
        else {
          const woken = new Promise<void>((resolve) => {
            branch.wake = resolve;
          });
          void pull();
          await woken;
        }
      }
    } finally {
      branch.closed = true;
      branch.waiting.length = 0;
      if (branches.every(({ closed }) => closed)) await iterator.return?.();
      else wakeAll();
    }
  }
}
