import type { WakeTiming } from "./wake-timing.ts";

/** One answered request of the demo. */
export interface Wake {
  readonly round: number;
  readonly actor: string;
  readonly worker: string;
  readonly memory: number;
  readonly file: number;
  /** Undefined where the actor was still running. */
  readonly timing: WakeTiming | undefined;
}

const header = ["round", "actor", "worker", "memory", "file", "total ms"] as const;

/** Phases that never take longer are not worth a column. */
const columnMsMin = 1;

/**
 * The wakes as a table: one row each, one column a phase, so that each row's phases add up to its total.
 * Phases that were short in every wake are counted as `other`.
 */
export function formatWakes(wakes: readonly Wake[]): string {
  const names = columnNames(wakes);
  const rows = wakes.map((wake) => [
    String(wake.round),
    wake.actor,
    wake.worker,
    String(wake.memory),
    String(wake.file),
    ...(wake.timing ? timingCells(wake.timing, names) : ["awake", ...names.map(() => "-"), "-"]),
  ]);
  return alignColumns([[...header, ...names, "other"], ...rows]);
}

function columnNames(wakes: readonly Wake[]): string[] {
  const longest = new Map<string, number>();
  for (const { name, durationMs } of wakes.flatMap((wake) => wake.timing?.phases ?? [])) {
    longest.set(name, Math.max(longest.get(name) ?? 0, durationMs));
  }
  longest.delete("other");
  return [...longest].filter(([, durationMs]) => durationMs >= columnMsMin).map(([name]) => name);
}

function timingCells({ phases, totalMs }: WakeTiming, names: readonly string[]): string[] {
  const durations = names.map((name) => phases.find((phase) => phase.name === name)?.durationMs);
  const shown = durations.reduce((sum: number, duration) => sum + (duration ?? 0), 0);
  return [totalMs, ...durations, totalMs - shown].map((duration) => duration?.toFixed(1) ?? "-");
}

/** Text to the left, numbers to the right; two spaces between columns. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isText = (column: number) => column === 1 || column === 2;
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The value that `share` (0..1) of the numbers do not exceed; NaN where there are none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
