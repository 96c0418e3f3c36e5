import type { Phase } from "@agent-substrate/contract";
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

/** The wakes as a table: one row each, one column a phase, so that each row's phases add up to its total. */
export function formatWakes(wakes: readonly Wake[]): string {
  const names = phaseNames(wakes);
  const rows = wakes.map((wake) => [
    String(wake.round),
    wake.actor,
    wake.worker,
    String(wake.memory),
    String(wake.file),
    wake.timing ? wake.timing.totalMs.toFixed(1) : "awake",
    ...names.map((name) => formatPhase(wake.timing?.phases, name)),
  ]);
  return alignColumns([[...header, ...names], ...rows]);
}

/** `other` comes last. */
function phaseNames(wakes: readonly Wake[]): string[] {
  const names = new Set(wakes.flatMap((wake) => wake.timing?.phases.map((phase) => phase.name) ?? []));
  const hasOther = names.delete("other");
  return [...names, ...(hasOther ? ["other"] : [])];
}

function formatPhase(phases: readonly Phase[] | undefined, name: string): string {
  const phase = phases?.find((candidate) => candidate.name === name);
  return phase ? phase.durationMs.toFixed(1) : "-";
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
