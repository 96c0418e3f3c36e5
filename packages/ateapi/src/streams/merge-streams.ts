/** Gives the items of several streams as they come, and ends when all have ended; a failure ends it. */
export async function* mergeStreams<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const next = (index: number) => {
    const iterator = iterators[index];
    if (!iterator) throw new RangeError(`there is no stream ${index}`);
    return iterator.next().then((result) => ({ index, result }));
  };
  const pending = new Map(iterators.map((_, index) => [index, next(index)]));
  try {
    while (pending.size > 0) {
      const { index, result } = await Promise.race(pending.values());
      if (result.done) pending.delete(index);
      else {
        pending.set(index, next(index));
        yield result.value;
      }
    }
  } finally {
    for (const promise of pending.values()) promise.catch(() => undefined);
    for (const iterator of iterators) void iterator.return?.(undefined)?.then(undefined, () => undefined);
  }
}
