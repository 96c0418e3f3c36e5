// What was acquired is released in the opposite order, all of it, whatever fails. Node 22 has no AsyncDisposableStack.

/** Releases to run at the end of a scope (`await using`), unless `move` hands them on. */
export class ReleaseStack implements AsyncDisposable {
  #releases: (() => unknown)[] = [];

  /** `release` may answer a promise, which is awaited. */
  defer(release: () => unknown): void {
    this.#releases.push(release);
  }

  /** A stack that holds all these releases; this one holds none any more. */
  move(): ReleaseStack {
    const moved = new ReleaseStack();
    moved.#releases = this.#releases;
    this.#releases = [];
    return moved;
  }

  /** Runs every release, the last first. Idempotent. Rejects with what failed, after all were run. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (let release = this.#releases.pop(); release; release = this.#releases.pop()) {
      try {
        await release();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 1) throw new AggregateError(failures, "several releases failed");
    if (failures.length === 1) throw failures[0];
  }
}
