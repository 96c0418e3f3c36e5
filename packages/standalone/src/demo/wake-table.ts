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

/** The phases of a wake under the steps that a person knows; `get events` has each by its own name. */
const steps: readonly (readonly [step: string, ...phases: string[]])[] = [
  // Until a worker is free: mostly the suspend of the actor that has been idle longest.
  ["queue", "park", "queue", "wait", "join", "golden"],
  ["control", "begin", "commit", "call"],
  ["node", "node", "directory", "assets", "images", "files", "fetch", "route", "network"],
  ["create", "create"],
  ["restore", "restore", "start"],
  ["ready", "ready"],
  ["answer", "first-byte"],
];

/** The wakes as a table: one row each, one column a step, so that each row's steps add up to its total. */
export function formatWakes(wakes: readonly Wake[]): string {
  const rows = wakes.map((wake) => [
    String(wake.round),
    wake.actor,
    wake.worker,
    String(wake.memory),
    String(wake.file),
    ...(wake.timing ? timingCells(wake.timing) : ["awake", ...steps.map(() => "-"), "-"]),
  ]);
  return alignColumns([[...header, ...steps.map(([step]) => step), "other"], ...rows]);
}

function timingCells({ phases, totalMs }: WakeTiming): string[] {
  const durations = steps.map(([, ...names]) =>
    phases.filter((phase) => names.includes(phase.name)).reduce((sum, { durationMs }) => sum + durationMs, 0),
  );
  const shown = durations.reduce((sum, duration) => sum + duration, 0);
  return [totalMs, ...durations, totalMs - shown].map((duration) => duration.toFixed(1));
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
