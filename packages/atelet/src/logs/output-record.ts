// One line of an actor's output, as back ends write it and as this node keeps it.
import type { Worker } from "../workers/worker.ts";

/** A line as it is kept. */
export interface OutputRecord {
  /** Grows from line to line of one actor, over restarts of this process. */
  readonly position: number;
  /** Milliseconds of the wall clock. */
  readonly time: number;
  readonly container: string;
  readonly worker: string;
  readonly text: string;
}

export interface OutputLine extends Omit<OutputRecord, "position"> {
  readonly atespace: string;
  readonly actorId: string;
}

const labels = {
  actorId: "ate.dev/actor_id",
  template: "ate.dev/actor_template_name",
  namespace: "ate.dev/actor_template_namespace",
  atespace: "ate.dev/actor_atespace",
  container: "ate.dev/container_name",
} as const;

/**
 * Reads a line of a back end's stdout. Undefined where it is of no actor: back ends may say other
 * things too. `workers` are those that the back end serves.
 */
export function parseOutputLine(
  line: string,
  workers: readonly Worker[],
  now: number,
): OutputLine | undefined {
  const record = parseObject(line);
  const found = record && asObject(record.labels);
  if (!record || !found) return undefined;
  const actorId = found[labels.actorId];
  if (typeof actorId !== "string") return undefined;
  const worker = findWorker(workers, found);
  const named = found[labels.atespace];
  const time = typeof record.time === "string" ? Date.parse(record.time) : Number.NaN;
  return {
    atespace: typeof named === "string" ? named : (worker?.lastAssignment?.atespace ?? ""),
    actorId,
    container: String(found[labels.container] ?? ""),
    worker: worker?.podName ?? "",
    time: Number.isNaN(time) ? now : time,
    text: originalText(record),
  };
}

/** The worker that runs the actor or ran it last; a label holds the template's plain or qualified name. */
function findWorker(workers: readonly Worker[], found: Record<string, unknown>): Worker | undefined {
  const isOf = ({ lastAssignment }: Worker) =>
    lastAssignment !== undefined &&
    lastAssignment.key.actorId === found[labels.actorId] &&
    lastAssignment.key.namespace === found[labels.namespace] &&
    [lastAssignment.template, lastAssignment.key.template].includes(String(found[labels.template])) &&
    [undefined, lastAssignment.atespace].includes(found[labels.atespace] as string | undefined);
  const candidates = workers.filter(isOf);
  return candidates.find(({ state }) => state.kind === "executing") ?? candidates[0];
}

/** What the actor wrote: a plain line, or its own JSON without what was added to it. */
function originalText(record: Record<string, unknown>): string {
  const { labels: added, time, ...own } = record;
  void added;
  const names = Object.keys(own);
  if (names.length === 1 && typeof own.message === "string") return own.message;
  return JSON.stringify(time === undefined ? own : { time, ...own });
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return asObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
