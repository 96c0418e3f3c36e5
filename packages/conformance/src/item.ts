import type { RuleAnchor } from "./rules/index.ts";
import type { Bench } from "./world/bench.ts";

/** What a back end declares, or what the suite was given; an item whose needs are not met is not run. */
export type Need =
  /** Snapshots of memory and files. */
  | "full"
  /** Snapshots of durable directories. */
  | "data"
  | "several-containers"
  /** At least one asset was given, which the back end then has to miss. */
  | "assets"
  /** The back end is started by the suite. */
  | "command"
  /** The suite can make more than one worker; so it can where it starts the back end. */
  | "two-workers"
  /** AteomExtensions is answered. */
  | "describe"
  | "exec"
  | "freeze"
  | "stats"
  | "snapshot"
  | "terminate"
  | "watch";

/** One thing that the contract asks of a back end, proved by doing it. */
export interface Item {
  /** `group/name`; never changes its meaning. */
  readonly id: string;
  /** A sentence that is true of a back end that passes. */
  readonly title: string;
  /** The rule of `docs/reference/back-end-contract.md` that it proves. */
  readonly rule: RuleAnchor;
  /** What the suite does, and why it matters. For the item's documentation. */
  readonly about: string;
  /** What goes wrong most often. For the item's documentation. */
  readonly mistakes: string;
  readonly needs?: readonly Need[];
  /** Default 60 000. A back end that hangs must not hang the suite. */
  readonly timeoutMs?: number;
  /** Waits more than it works; its group runs beside the others, from the beginning. */
  readonly isLong?: boolean;
  run(bench: Bench): Promise<void>;
}
