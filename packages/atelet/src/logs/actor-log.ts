// One actor's output on this node: two files, of which the older is dropped when the newer is full.
import { EventEmitter } from "node:events";
import { createReadStream } from "node:fs";
import { appendFile, mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { OutputRecord } from "./output-record.ts";

/** Bytes that an actor's output may take on this node, in both files. */
export const actorLogBytesMax = 16 * 1024 * 1024;
const waitingLinesMax = 10_000;

export class ActorLog {
  readonly #events = new EventEmitter<{ record: [OutputRecord] }>();
  readonly #directory: string;
  readonly #fileBytesMax: number;
  #bytes = 0;
  #position = 0;
  #waiting: string[] = [];
  #writing: Promise<void> = Promise.resolve();

  private constructor(directory: string, bytesMax: number) {
    this.#directory = directory;
    this.#fileBytesMax = bytesMax / 2;
    this.#events.setMaxListeners(0);
  }

  static async open(directory: string, bytesMax = actorLogBytesMax): Promise<ActorLog> {
    const log = new ActorLog(directory, bytesMax);
    log.#bytes = (await stat(log.#current).catch(() => undefined))?.size ?? 0;
    return log;
  }

  /** Followers that wait for more. */
  get followers(): number {
    return this.#events.listenerCount("record");
  }

  /** Resolves when the line is in the file, so that a fast writer waits for the disk. */
  async append(line: Omit<OutputRecord, "position">): Promise<void> {
    this.#position = Math.max(this.#position + 1, Date.now() * 1000);
    const record: OutputRecord = { position: this.#position, ...line };
    this.#waiting.push(`${JSON.stringify(record)}\n`);
    this.#events.emit("record", record);
    if (this.#waiting.length === 1) this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
  }

  /** Oldest first; the last `tail` ones only, where that is not 0. */
  async *read(options: { tail: number; follow: boolean }, signal: AbortSignal): AsyncIterable<OutputRecord> {
    const queue = new RecordQueue();
    if (options.follow) this.#events.on("record", queue.add);
    const wake = () => queue.wake();
    signal.addEventListener("abort", wake, { once: true });
    try {
      let last = 0;
      for await (const record of this.#readKept(options.tail)) {
        if (signal.aborted) return;
        last = record.position;
        yield record;
      }
      while (options.follow && !signal.aborted) {
        for (const record of queue.take()) if (record.position > last) yield record;
        if (!signal.aborted) await queue.filled();
      }
    } finally {
      this.#events.off("record", queue.add);
      signal.removeEventListener("abort", wake);
    }
  }

  async remove(): Promise<void> {
    await this.#writing;
    await rm(this.#directory, { recursive: true, force: true });
  }

  async *#readKept(tail: number): AsyncIterable<OutputRecord> {
    await this.#writing;
    const records = readRecords([this.#previous, this.#current]);
    if (tail === 0) {
      yield* records;
      return;
    }
    const kept: OutputRecord[] = [];
    for await (const record of records) {
      kept.push(record);
      if (kept.length > tail) kept.shift();
    }
    yield* kept;
  }

  /** What the disk does not take is dropped: an actor does not stop for its log. */
  async #write(): Promise<void> {
    try {
      await this.#writeWaiting();
    } catch {
      this.#bytes = (await stat(this.#current).catch(() => undefined))?.size ?? 0;
    }
  }

  async #writeWaiting(): Promise<void> {
    const lines = this.#waiting.join("");
    this.#waiting = [];
    if (this.#bytes + lines.length > this.#fileBytesMax && this.#bytes > 0) {
      await rename(this.#current, this.#previous);
      this.#bytes = 0;
    }
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await appendFile(this.#current, lines, { mode: 0o600 });
    this.#bytes += Buffer.byteLength(lines);
  }

  get #current(): string {
    return join(this.#directory, "current.jsonl");
  }

  get #previous(): string {
    return join(this.#directory, "previous.jsonl");
  }
}

/** Records between the writer and one reader that follows; one that is too slow loses the oldest. */
class RecordQueue {
  #records: OutputRecord[] = [];
  #wake: () => void = () => undefined;

  readonly add = (record: OutputRecord): void => {
    if (this.#records.length >= waitingLinesMax) this.#records.shift();
    this.#records.push(record);
    this.#wake();
  };

  take(): OutputRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  wake(): void {
    this.#wake();
  }

  async filled(): Promise<void> {
    if (this.#records.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}

async function* readRecords(paths: readonly string[]): AsyncIterable<OutputRecord> {
  for (const path of paths) {
    if (!(await stat(path).catch(() => undefined))) continue;
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const record = parseRecord(line);
      if (record) yield record;
    }
  }
}

function parseRecord(line: string): OutputRecord | undefined {
  try {
    return JSON.parse(line) as OutputRecord;
  } catch {
    // The last line of a process that was killed.
    return undefined;
  }
}
