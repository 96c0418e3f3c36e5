import { join } from "node:path";
import { validateDns1123Label } from "@agent-substrate/contract";
import { ActorLog } from "./actor-log.ts";
import type { OutputLine, OutputRecord } from "./output-record.ts";

/** Logs that are held ready; files are open only while a line is written. */
const heldMax = 1024;

/** Whose output it is: actor ids are unique in an atespace ("" where the caller knows none). */
export interface LogOwner {
  readonly atespace: string;
  readonly actorId: string;
}

/** The output of all actors that were on this node. */
export class ActorLogs {
  readonly #directory: string;
  readonly #held = new Map<string, Promise<ActorLog>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async append({ atespace, actorId, ...record }: OutputLine): Promise<void> {
    const log = await this.#hold({ atespace, actorId });
    await log.append(record);
  }

  async *read(
    owner: LogOwner,
    options: { tail: number; follow: boolean },
    signal: AbortSignal,
  ): AsyncIterable<OutputRecord> {
    const log = await this.#hold(owner);
    yield* log.read(options, signal);
  }

  async forget(owner: LogOwner): Promise<void> {
    const log = await this.#hold(owner);
    this.#held.delete(this.#path(owner));
    await log.remove();
  }

  async #hold(owner: LogOwner): Promise<ActorLog> {
    const path = this.#path(owner);
    const held = this.#held.get(path) ?? ActorLog.open(path);
    // Moved to the end: the first is the one that was unused for longest.
    this.#held.delete(path);
    this.#held.set(path, held);
    if (this.#held.size > heldMax) void this.#letGo();
    return held;
  }

  async #letGo(): Promise<void> {
    for (const [path, held] of this.#held) {
      const log = await held;
      if (log.followers > 0) continue;
      this.#held.delete(path);
      return;
    }
  }

  #path({ atespace, actorId }: LogOwner): string {
    const space = atespace === "" ? "_" : validateDns1123Label("atespace", atespace);
    return join(this.#directory, space, validateDns1123Label("actor_id", actorId));
  }
}
