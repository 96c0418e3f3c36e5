import { Code, ConnectError } from "@connectrpc/connect";

/** How long a checkpoint waits for room that others hold and may not need. */
const patienceMs = 60_000;

export interface DiskRoomOptions {
  readonly readFreeBytes: () => Promise<number>;
  /** Gives up something that can be had again; false where there is nothing left. */
  readonly dropSpare: () => Promise<boolean>;
}

/** The free disk of this node, shared by those who are about to write: what one was promised, no other is. */
export class DiskRoom {
  readonly #options: DiskRoomOptions;
  readonly #awaited = new Set<() => void>();
  #reservedBytes = 0;

  constructor(options: DiskRoomOptions) {
    this.#options = options;
  }

  /** Of all that have room now. */
  get reservedBytes(): number {
    return this.#reservedBytes;
  }

  /**
   * Room for so many bytes, until it is disposed. Where what is free is promised to others, those are waited
   * for, a minute at most. FAILED_PRECONDITION where that does not suffice.
   */
  async reserve(bytes: number): Promise<Disposable> {
    const late = AbortSignal.timeout(patienceMs);
    for (;;) {
      const free = await this.#options.readFreeBytes();
      if (free - this.#reservedBytes >= bytes) return this.#take(bytes);
      if (await this.#options.dropSpare()) continue;
      if (this.#reservedBytes === 0 || late.aborted) {
        throw new ConnectError(
          `the node's disk has ${mebibytes(free)} free${this.#promised()}, and ${mebibytes(bytes)} may be needed`,
          Code.FailedPrecondition,
        );
      }
      await this.#released(late);
    }
  }

  #promised(): string {
    return this.#reservedBytes > 0 ? ` (${mebibytes(this.#reservedBytes)} of it promised to others)` : "";
  }

  #take(bytes: number): Disposable {
    this.#reservedBytes += bytes;
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#reservedBytes -= bytes;
        for (const wake of this.#awaited) wake();
      },
    };
  }

  async #released(late: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited.add(resolve);
    late.addEventListener("abort", () => resolve(), { once: true });
    if (late.aborted) resolve();
    await promise;
    this.#awaited.delete(resolve);
  }
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MiB`;
}
