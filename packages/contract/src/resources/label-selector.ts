import { z } from "zod";
import { labels } from "./scalars.ts";

const expression = z
  .strictObject({
    key: z.string().min(1).max(317),
    operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
    values: z.array(z.string().max(63)).max(64).default([]),
  })
  .superRefine(({ operator, values }, context) => {
    const wanted = operator === "In" || operator === "NotIn";
    if (wanted !== values.length > 0) {
      const message = wanted ? `should not be empty for ${operator}` : `should be empty for ${operator}`;
      context.addIssue({ code: "custom", path: ["values"], message });
    }
  });

export const labelSelectorSchema = z.strictObject({
  matchLabels: labels.default({}),
  matchExpressions: z.array(expression).max(32).default([]),
});

/** A Kubernetes label selector. All its parts must hold; one without parts matches everything. */
export type LabelSelector = z.output<typeof labelSelectorSchema>;

/** Whether `labels` fulfil `selector`. */
export function matchesSelector(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return (
    Object.entries(selector.matchLabels).every(([key, value]) => labels[key] === value) &&
    selector.matchExpressions.every((wanted) => fulfils(wanted, labels[wanted.key]))
  );
}

function fulfils({ operator, values }: z.output<typeof expression>, value: string | undefined): boolean {
  if (operator === "Exists") return value !== undefined;
  if (operator === "DoesNotExist") return value === undefined;
  const listed = value !== undefined && values.includes(value);
  return operator === "In" ? listed : !listed;
}
