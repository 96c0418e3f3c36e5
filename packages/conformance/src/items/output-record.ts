import { expect } from "../expect.ts";
import { Violation } from "../violation.ts";
import type { Worker } from "../world/worker.ts";

const arrivalTimeoutMs = 5_000;

/** The line of the back end's stdout that holds `word`, read as the contract says that it is. */
export async function outputRecord(worker: Worker, word: string): Promise<Record<string, unknown>> {
  const line = await worker.process?.outputWhere((text) => text.includes(word), arrivalTimeoutMs);
  expect(line !== undefined, "what the actor wrote did not appear on the back end's stdout within 5 s");
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record === "object" && record !== null) return record as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new Violation(`the line on the back end's stdout is no JSON object: ${line.slice(0, 200)}`);
}
