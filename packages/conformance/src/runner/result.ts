import type { Need } from "../item.ts";

/** What came of one item. */
export type Outcome =
  | { readonly kind: "passed" }
  | {
      readonly kind: "failed";
      /** What the contract says. */
      readonly rule: string;
      /** What was seen instead. */
      readonly seen: string;
      /** The last lines that the back end wrote, newest last. */
      readonly log: readonly string[];
    }
  /** The back end does not offer what the item is about. */
  | { readonly kind: "not-declared"; readonly missing: readonly Need[] }
  /** The item could not be judged here. */
  | { readonly kind: "not-run"; readonly reason: string };

export interface ItemResult {
  readonly id: string;
  readonly title: string;
  /** Anchor in `docs/reference/back-end-contract.md`. */
  readonly rule: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
}

/** What the back end said of itself, for reports. */
export interface BackEndFacts {
  /** Absent where it has no Describe. */
  readonly sandboxClass?: string;
  readonly scopes: readonly string[];
  readonly declared: readonly string[];
}

export interface Report {
  readonly backEnd: BackEndFacts;
  readonly seed: number;
  readonly cycles: number;
  readonly durationMs: number;
  readonly results: readonly ItemResult[];
}

/** What a run tells while it goes on. */
export type RunEvent =
  /** `folder` is the run's own, removed after it unless it is kept. */
  | {
      readonly kind: "began";
      readonly backEnd: BackEndFacts;
      readonly items: number;
      readonly folder: string;
    }
  | { readonly kind: "result"; readonly result: ItemResult }
  | { readonly kind: "ended"; readonly report: Report }
  /** The suite itself could not go on. */
  | { readonly kind: "broken"; readonly message: string };
