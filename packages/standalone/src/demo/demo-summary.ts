import type { DemoRecord } from "./play-rounds.ts";
import { quantile } from "./wake-table.ts";

/** What was asked, what was right, and how long the wakes took. */
export function formatSummary({ wakes, wrong }: DemoRecord): string {
  const totals = wakes.flatMap((wake) => (wake.timing ? [wake.timing.totalMs] : []));
  const workers = new Set(wakes.map((wake) => wake.worker));
  const actors = new Set(wakes.map((wake) => wake.actor));
  const lines = [
    `${wakes.length} answers of ${actors.size} actors on ${workers.size} workers, ${totals.length} of them by a wake`,
    ...(totals.length > 0
      ? [
          `wake p50 ${quantile(totals, 0.5).toFixed(1)} ms, p95 ${quantile(totals, 0.95).toFixed(1)} ms, most ${quantile(totals, 1).toFixed(1)} ms`,
        ]
      : []),
    wrong.length === 0
      ? "every answer was its actor's own, and its next number, in memory and in its file"
      : `wrong:\n${wrong.map((fault) => `  ${fault}`).join("\n")}`,
  ];
  return lines.join("\n");
}
