import type { Workload } from "../back-end.ts";

/** Says which actor a line is from. */
export type OutputLabels = Readonly<Record<string, string>>;

/** The labels of a container's lines; plain names where the caller told them. */
export function outputLabels(workload: Workload, container: string): OutputLabels {
  return {
    "ate.dev/actor_id": workload.key.actorId,
    "ate.dev/actor_template_name": workload.template ?? workload.key.template,
    "ate.dev/actor_template_namespace": workload.key.namespace,
    ...(workload.atespace && { "ate.dev/actor_atespace": workload.atespace }),
    "ate.dev/container_name": container,
  };
}

/**
 * One JSON object, without a line end. What is no JSON object becomes its `message`; `time` (RFC
 * 3339) is added when absent; an actor cannot pass itself off as another by labels of its own.
 */
export function labelLine(line: string, labels: OutputLabels, time: Date): string {
  const record = parseObject(line);
  if (!record) return JSON.stringify({ time: time.toISOString(), message: line, labels });
  if (Object.hasOwn(record, "labels")) {
    const own = isObject(record.labels) ? record.labels : {};
    return JSON.stringify({ time: time.toISOString(), ...record, labels: { ...own, ...labels } });
  }
  // The actor's own text stays as it is: numbers that JavaScript cannot hold would change.
  const added: object = Object.hasOwn(record, "time") ? { labels } : { time: time.toISOString(), labels };
  const rest = line.trim().slice(1).trimStart();
  return `${JSON.stringify(added).slice(0, -1)}${rest === "}" ? "" : ","}${rest}`;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
