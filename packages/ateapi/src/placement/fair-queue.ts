/**
 * Those who wait, in the order in which they are served: atespaces take turns, and within one the first
 * to come is first. Bounded (L11).
 */
export class FairQueue<T> {
  readonly #lengthMax: number;
  readonly #lanes = new Map<string, Set<T>>();
  #length = 0;

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  get length(): number {
    return this.#length;
  }

  /** False when the queue is full. */
  add(atespace: string, item: T): boolean {
    if (this.#length >= this.#lengthMax) return false;
    const lane = this.#lanes.get(atespace) ?? new Set();
    this.#lanes.set(atespace, lane.add(item));
    this.#length++;
    return true;
  }

  /** Was not served. The others keep their turn. */
  remove(atespace: string, item: T): void {
    const lane = this.#lanes.get(atespace);
    if (!lane?.delete(item)) return;
    this.#length--;
    if (lane.size === 0) this.#lanes.delete(atespace);
  }

  /** Was served: its atespace takes its next turn after all others. */
  serve(atespace: string, item: T): void {
    this.remove(atespace, item);
    const lane = this.#lanes.get(atespace);
    if (!lane) return;
    this.#lanes.delete(atespace);
    this.#lanes.set(atespace, lane);
  }

  /** In the order of their turns: the first of each atespace, then the second of each, and so on. */
  inOrder(): T[] {
    const lanes = [...this.#lanes.values()].map((lane) => [...lane]);
    const longest = Math.max(0, ...lanes.map((lane) => lane.length));
    const ordered: T[] = [];
    for (let turn = 0; turn < longest; turn++) {
      for (const lane of lanes) {
        const item = lane[turn];
        if (item !== undefined) ordered.push(item);
      }
    }
    return ordered;
  }
}
