import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ActorPaths, PhaseClock } from "@agent-substrate/contract";
import type { NodePaths } from "../node-paths.ts";
import type { Trash } from "../trash.ts";
import { type Assignment, actorName } from "./assignment.ts";

/** The directory that an actor has on this node while a worker executes it. */
export class ActorDirectories {
  readonly #paths: NodePaths;
  readonly #trash: Trash;
  readonly #held = new Map<string, Assignment>();
  /** What fills a directory now, by actor; it never rejects. */
  readonly #filling = new Map<string, Promise<unknown>>();

  constructor(paths: NodePaths, trash: Trash) {
    this.#paths = paths;
    this.#trash = trash;
  }

  /** Removes what an earlier life of this process left: no actor outlives it. */
  async empty(): Promise<void> {
    for (const name of await readdir(this.#paths.actors))
      await this.#trash.take(join(this.#paths.actors, name));
  }

  /**
   * Makes a fresh directory for an assignment and lets `write` start what writes into it; all of that has
   * ended when this returns or throws. An older assignment that still fills its own is waited for;
   * nothing is made once the signal has aborted.
   */
  async fill(
    assignment: Assignment,
    signal: AbortSignal,
    clock: PhaseClock,
    write: (actor: ActorPaths) => Promise<PromiseSettledResult<unknown>[]>,
  ): Promise<void> {
    const name = actorName(assignment.key);
    const before = this.#filling.get(name);
    const filled = (async () => {
      await before;
      signal.throwIfAborted();
      this.#held.set(name, assignment);
      const actor = this.#paths.contract.actor(assignment.key);
      await clock.measure("directory", async () => {
        await this.#trash.take(actor.directory);
        await mkdir(actor.directory, { mode: 0o700 });
      });
      const written = await clock.measure("files", () => write(actor));
      for (const result of written) if (result.status === "rejected") throw result.reason;
    })();
    const settled = filled.catch(() => undefined);
    this.#filling.set(name, settled);
    try {
      await filled;
    } finally {
      if (this.#filling.get(name) === settled) this.#filling.delete(name);
    }
  }

  /** Removes the directory once nobody fills it, unless it is a newer assignment's by now. Idempotent. */
  async remove(assignment: Assignment): Promise<void> {
    const name = actorName(assignment.key);
    if (this.#held.get(name) === assignment) await this.#filling.get(name);
    if (this.#held.get(name) !== assignment) return;
    this.#held.delete(name);
    await this.#trash.take(this.#paths.contract.actor(assignment.key).directory);
  }
}
