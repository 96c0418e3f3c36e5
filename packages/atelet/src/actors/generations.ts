import { Code, ConnectError } from "@connectrpc/connect";
import { type Assignment, actorName } from "./assignment.ts";

const actorsMax = 100_000;

/** L13: the newest generation that this node has heard of, for each actor; older ones are refused. */
export class Generations {
  readonly #newest = new Map<string, bigint>();

  /** FAILED_PRECONDITION for a call under an assignment that is over. */
  admit({ key, generation }: Assignment): void {
    if (generation === 0n) return;
    const name = actorName(key);
    const newest = this.#newest.get(name) ?? 0n;
    if (generation < newest) {
      throw new ConnectError(
        `generation ${generation} of ${name} is over; this node has seen ${newest}`,
        Code.FailedPrecondition,
      );
    }
    // Moved to the end: the first is the one that was not heard of for longest.
    this.#newest.delete(name);
    this.#newest.set(name, generation);
    const [oldest] = this.#newest.keys();
    if (this.#newest.size > actorsMax && oldest !== undefined) this.#newest.delete(oldest);
  }
}
