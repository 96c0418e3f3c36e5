import { InvalidInput } from "@agent-substrate/contract";

/** Reads a stream of chunks in pieces of known sizes. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Exactly `length` bytes, at most some KiB. Throws where the stream is shorter. */
  async take(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const next = await this.#chunks.next();
      if (next.done) throw new InvalidInput("stored snapshot file", "is cut off");
      this.#held = Buffer.concat([this.#held, next.value]);
    }
    return this.#split(length);
  }

  /** Between 1 and `most` bytes. */
  async takeSome(most: number): Promise<Buffer> {
    return this.#held.length > 0
      ? this.#split(Math.min(most, this.#held.length))
      : this.#split(await this.#fill(most));
  }

  /** The first bytes, which stay; fewer where the stream is shorter. */
  async peek(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const next = await this.#chunks.next();
      if (next.done) break;
      this.#held = Buffer.concat([this.#held, next.value]);
    }
    return this.#held.subarray(0, length);
  }

  /** What is left. */
  async *rest(): AsyncIterable<Uint8Array> {
    if (this.#held.length > 0) yield this.#held;
    for (let next = await this.#chunks.next(); !next.done; next = await this.#chunks.next()) yield next.value;
  }

  async #fill(most: number): Promise<number> {
    const held = await this.peek(1);
    if (held.length === 0) throw new InvalidInput("stored snapshot file", "is cut off");
    return Math.min(most, this.#held.length);
  }

  #split(length: number): Buffer {
    const part = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return part;
  }
}
