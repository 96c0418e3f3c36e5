import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Workload } from "./workload.ts";

/** Each line that comes is written as one JSON object that says whose it is. */
export function labelOutput(stream: Readable, workload: Workload): void {
  createInterface(stream).on("line", (line) => {
    process.stdout.write(`${JSON.stringify(labelled(line, labelsOf(workload)))}\n`);
  });
}

export function labelsOf({ key, container }: Workload): Record<string, string> {
  return {
    "ate.dev/actor_id": key.actorId,
    "ate.dev/actor_template_name": key.template,
    "ate.dev/actor_template_namespace": key.namespace,
    "ate.dev/container_name": container,
  };
}

/** The labels given win over those of the line. */
export function labelled(line: string, labels: Record<string, string>): object {
  const record = parseRecord(line);
  const own = typeof record.labels === "object" ? record.labels : {};
  return { time: new Date().toISOString(), ...record, labels: { ...own, ...labels } };
}

/** A line that is no JSON object is a message. */
export function parseRecord(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Text.
  }
  return { message: line };
}
