import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ActorPaths } from "@agent-substrate/contract";
import type { NodePaths } from "../node-paths.ts";
import type { Trash } from "../trash.ts";
import { type Assignment, actorName } from "./assignment.ts";

/** The directory that an actor has on this node while a worker executes it. */
export class ActorDirectories {
  readonly #paths: NodePaths;
  readonly #trash: Trash;
  readonly #held = new Map<string, Assignment>();

  constructor(paths: NodePaths, trash: Trash) {
    this.#paths = paths;
    this.#trash = trash;
  }

  /** Removes what an earlier life of this process left: no actor outlives it. */
  async empty(): Promise<void> {
    for (const name of await readdir(this.#paths.actors))
      await this.#trash.take(join(this.#paths.actors, name));
  }

  /** Makes a fresh directory for an assignment. */
  async prepare(assignment: Assignment): Promise<ActorPaths> {
    const actor = this.#paths.contract.actor(assignment.key);
    this.#held.set(actorName(assignment.key), assignment);
    await this.#trash.take(actor.directory);
    await mkdir(actor.directory, { mode: 0o700 });
    return actor;
  }

  /** Removes the directory, unless it is a newer assignment's by now. Idempotent. */
  async remove(assignment: Assignment): Promise<void> {
    const name = actorName(assignment.key);
    if (this.#held.get(name) !== assignment) return;
    this.#held.delete(name);
    await this.#trash.take(this.#paths.contract.actor(assignment.key).directory);
  }
}
