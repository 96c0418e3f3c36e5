import { randomUUID } from "node:crypto";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Turns } from "./turns.ts";

/**
 * Takes directories out of the way at once and removes them in the background. What is not removed
 * when the process ends is removed by the next one.
 */
export class Trash {
  readonly #directory: string;
  readonly #removals = new Turns("removals", { waitingMax: Number.POSITIVE_INFINITY });
  #last: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Removes what an earlier process left. */
  async empty(): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      await rm(join(this.#directory, name), { recursive: true, force: true });
    }
  }

  /** The path is free when this returns. Idempotent. */
  async take(path: string): Promise<void> {
    const away = join(this.#directory, randomUUID());
    try {
      await rename(path, away);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    this.#last = this.#removals
      .take(() => rm(away, { recursive: true, force: true }))
      // Still mounted somewhere, or the disk fails: the next start tries again.
      .catch(() => undefined);
  }

  /** Returns when all that was taken is gone. */
  async drain(): Promise<void> {
    await this.#last;
  }
}
