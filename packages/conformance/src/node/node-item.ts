import type { NodeBench } from "./node-bench.ts";
import type { NodeRuleAnchor } from "./node-rules.ts";

/** What a node offers, or the suite was given; an item whose needs are not met is not run. */
export type NodeNeed =
  /** A second worker. */
  | "two-workers"
  /** substrate.v1.Node is answered, and with it operation ids and generations. */
  | "node-service";

/** One thing that the contract asks of a node supervisor, proved by doing it. */
export interface NodeItem {
  /** `node/name`; never changes its meaning. */
  readonly id: `node/${string}`;
  /** A sentence that is true of a node supervisor that passes. */
  readonly title: string;
  /** The rule of `docs/reference/node-contract.md` that it proves. */
  readonly rule: NodeRuleAnchor;
  /** What goes wrong most often. */
  readonly mistakes: string;
  readonly needs?: readonly NodeNeed[];
  run(bench: NodeBench): Promise<void>;
}
