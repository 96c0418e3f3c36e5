import { actorRules } from "./actor-rules.ts";
import { extensionRules } from "./extension-rules.ts";
import { lifecycleRules } from "./lifecycle-rules.ts";
import { processRules } from "./process-rules.ts";
import { requestRules } from "./request-rules.ts";
import type { Rule, RuleGroup } from "./rule.ts";
import { snapshotRules } from "./snapshot-rules.ts";

export type { Rule, RuleGroup } from "./rule.ts";

type AnchorsOf<Group> = Group extends RuleGroup<infer Anchor> ? Anchor : never;

export type RuleAnchor =
  | AnchorsOf<typeof processRules>
  | AnchorsOf<typeof lifecycleRules>
  | AnchorsOf<typeof actorRules>
  | AnchorsOf<typeof snapshotRules>
  | AnchorsOf<typeof requestRules>
  | AnchorsOf<typeof extensionRules>;

/** In the order of the document. */
export const ruleGroups: readonly RuleGroup[] = [
  processRules,
  lifecycleRules,
  actorRules,
  snapshotRules,
  requestRules,
  extensionRules,
];

export const rules: Readonly<Record<RuleAnchor, Rule>> = {
  ...processRules.rules,
  ...lifecycleRules.rules,
  ...actorRules.rules,
  ...snapshotRules.rules,
  ...requestRules.rules,
  ...extensionRules.rules,
};
