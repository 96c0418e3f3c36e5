// What changes, in the order of its versions, for those who watch. Bounded (L11): the newest changes
// are kept for readers that come back.
import type { watch } from "@agent-substrate/contract";
import { watch as watchProto } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";

export type Change = watch.WatchResponse["change"];
export type FeedListener = (response: watch.WatchResponse) => void;

export const changesKeptDefault = 10_000;

export class ChangeFeed {
  readonly #keptMax: number;
  readonly #kept: watch.WatchResponse[] = [];
  readonly #listeners = new Set<FeedListener>();
  #version: bigint;

  /** Versions grow over restarts, because they begin at the clock; a resumption over one is unknown. */
  constructor(keptMax = changesKeptDefault, startAt = Date.now()) {
    this.#keptMax = keptMax;
    this.#version = BigInt(startAt) * 1000n;
  }

  /** Of the last change. */
  get version(): bigint {
    return this.#version;
  }

  get readers(): number {
    return this.#listeners.size;
  }

  publish(change: Change): void {
    const response = create(watchProto.WatchResponseSchema, { version: ++this.#version, change });
    this.#kept.push(response);
    // Trimmed in large steps, because a shift of a long array costs its length.
    if (this.#kept.length > this.#keptMax * 2) this.#kept.splice(0, this.#kept.length - this.#keptMax);
    for (const listener of this.#listeners) listener(response);
  }

  /** The changes after a version, or undefined where some of them are not kept any more. */
  since(version: bigint): readonly watch.WatchResponse[] | undefined {
    const first = this.#kept[0]?.version ?? this.#version + 1n;
    if (version + 1n < first || version > this.#version) return undefined;
    return this.#kept.slice(Number(version + 1n - first));
  }

  /** Answers how to stop listening. */
  subscribe(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
