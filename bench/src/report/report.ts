import type { Comparison, Measurement } from "../comparison.ts";
import type { MachineFacts } from "../machine/machine-facts.ts";
import { quantile } from "./quantile.ts";
import { formatTable } from "./table.ts";

/** Who is compared, in the words of the table. */
export interface Sides {
  readonly product: string;
  readonly bare: string;
}

/** Of the medians. */
export function ratioOf({ product, bare }: Comparison): number {
  return quantile(totals(product), 0.5) / quantile(totals(bare), 0.5);
}

/** For people; the last line is `p50 ratio N.NN`. */
export function formatReport(sides: Sides, comparison: Comparison, facts: MachineFacts): string {
  const { product, bare, disturbed } = comparison;
  const count = product.length;
  const paragraphs = [
    Object.entries(facts)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n"),
    formatTable([
      [`ms, ${count} rounds`, "p50", "p95", "min"],
      summaryRow(sides.product, product),
      summaryRow(sides.bare, bare),
    ]),
    partsTable(sides.product, product),
    partsTable(sides.bare, bare),
  ];
  if (disturbed > 0) {
    paragraphs.push(`${disturbed} of ${2 * count} measurements began while the processors were busy`);
  }
  return `${paragraphs.join("\n\n")}\n\np50 ratio ${ratioOf(comparison).toFixed(2)}`;
}

function summaryRow(name: string, of: readonly Measurement[]): string[] {
  return [name, ...[0.5, 0.95, 0].map((share) => quantile(totals(of), share).toFixed(1))];
}

/** The medians of the parts, in their order in time. They do not add up to the median of the whole. */
function partsTable(name: string, of: readonly Measurement[]): string {
  const names = new Set(of.flatMap(({ parts }) => parts.map((part) => part.name)));
  const rows = [...names].map((part) => {
    const durations = of.map(({ parts }) => parts.find((one) => one.name === part)?.durationMs ?? 0);
    return [part, ...[0.5, 0.95].map((share) => quantile(durations, share).toFixed(2))];
  });
  return formatTable([[`${name}: phases, ms`, "p50", "p95"], ...rows]);
}

function totals(of: readonly Measurement[]): number[] {
  return of.map(({ totalMs }) => totalMs);
}
