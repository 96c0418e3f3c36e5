/** One sentence of the contract between a node supervisor and a back end. */
export interface Rule {
  readonly level: "MUST" | "MAY";
  readonly text: string;
  /** Why no item proves it. */
  readonly untested?: string;
}

/** Rules of one subject. The key is the rule's anchor, which never changes its meaning. */
export interface RuleGroup<Anchor extends string = string> {
  readonly title: string;
  readonly rules: Readonly<Record<Anchor, Rule>>;
}

/** Keeps the anchors in the type. */
export function ruleGroup<Anchor extends string>(
  title: string,
  rules: Readonly<Record<Anchor, Rule>>,
): RuleGroup<Anchor> {
  return { title, rules };
}

export function must(text: string): Rule {
  return { level: "MUST", text };
}

export function may(text: string): Rule {
  return { level: "MAY", text };
}

/** A rule that no item can prove from outside. */
export function untested(rule: Rule, why: string): Rule {
  return { ...rule, untested: why };
}
