// Snapshots in a directory, such as a disk of their own or a mounted share.
import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { syncDirectory } from "../durable-write.ts";
import type { SnapshotStorage } from "./snapshot-storage.ts";

export class FileStorage implements SnapshotStorage {
  readonly #directory: string;

  /** `directory` is made, 0700, when something is stored there. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  async put(name: string, content: Readable, signal: AbortSignal): Promise<void> {
    await this.#makeDirectory();
    const draft = join(this.#directory, `.${randomUUID()}`);
    try {
      await pipeline(content, createWriteStream(draft, { flags: "wx", mode: 0o600 }), { signal });
      const file = await open(draft, "r");
      await file.sync().finally(() => file.close());
      await rename(draft, join(this.#directory, name));
      await syncDirectory(this.#directory);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async get(name: string): Promise<Readable | undefined> {
    try {
      const file = await open(join(this.#directory, name), "r");
      return createReadStream("", { fd: file, highWaterMark: 1 << 20 });
    } catch (error) {
      return undefinedIfMissing(error);
    }
  }

  async list(): Promise<string[]> {
    try {
      return await readdir(this.#directory);
    } catch (error) {
      return undefinedIfMissing(error) ?? [];
    }
  }

  async delete(name: string): Promise<void> {
    await rm(join(this.#directory, name), { force: true });
    await syncDirectory(this.#directory).catch(undefinedIfMissing);
  }

  async deleteLocation(): Promise<void> {
    await rmdir(this.#directory).catch(undefinedIfMissing);
  }

  async #makeDirectory(): Promise<void> {
    const made = await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    if (made === undefined) return;
    // Each new name up to the first that was there before survives a power loss.
    for (let at = this.#directory; at.length >= made.length; at = dirname(at))
      await syncDirectory(dirname(at));
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  return undefined;
}
