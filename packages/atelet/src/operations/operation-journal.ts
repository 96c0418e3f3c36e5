// L6: a repeated operation is answered with what came of it, and nothing is done twice. What must
// outlive this process is not in here: a snapshot's manifest names the operation that wrote it, and
// no workload outlives the process that a repeated start would be asked of.
const outcomesMax = 1024;

/** Results of operations by id; the newest 1024 are kept. */
export class OperationJournal {
  readonly #outcomes = new Map<string, Promise<unknown>>();

  /**
   * Does the task, or answers what came of the one with the same id, while it runs and after. `isOwn`
   * tells which. Without an id it is done in any case.
   */
  async perform<T>(id: string | undefined, task: () => Promise<T>): Promise<{ result: T; isOwn: boolean }> {
    const known = id === undefined ? undefined : this.#outcomes.get(id);
    if (known) return { result: (await known.catch(throwCause)) as T, isOwn: false };
    const outcome = task();
    if (id !== undefined) this.#keep(id, outcome);
    try {
      return { result: await outcome, isOwn: true };
    } catch (error) {
      if (error instanceof NothingDone && id !== undefined) this.#outcomes.delete(id);
      return throwCause(error);
    }
  }

  #keep(id: string, outcome: Promise<unknown>): void {
    this.#outcomes.set(id, outcome);
    const [oldest] = this.#outcomes.keys();
    if (this.#outcomes.size > outcomesMax && oldest !== undefined) this.#outcomes.delete(oldest);
  }
}

function throwCause(error: unknown): never {
  throw error instanceof NothingDone ? error.cause : error;
}

/** A failure before anything was done: a repeated operation tries anew. */
export class NothingDone extends Error {
  override readonly name = "NothingDone";

  constructor(cause: unknown) {
    super("nothing was done", { cause });
  }
}
