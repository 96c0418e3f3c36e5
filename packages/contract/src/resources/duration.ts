import { z } from "zod";
import { InvalidInput } from "../names.ts";

const pattern = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** `1h30m`, `45s`, `500ms` in milliseconds. */
export function parseDuration(field: string, text: string): number {
  const match = text === "" ? null : pattern.exec(text);
  if (!match) {
    throw new InvalidInput(field, `${JSON.stringify(text)} is no duration; it should be like 1h30m or 45s`);
  }
  const [hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

/** A duration above zero and of at most ten years. */
export const duration = z
  .string()
  .max(32)
  .refine((text) => text !== "" && pattern.test(text) && inRange(parseDuration("", text)), {
    error: "should be a duration above zero, like 1h30m or 45s",
  });

function inRange(ms: number): boolean {
  return ms > 0 && ms <= 10 * 366 * 24 * 3_600_000;
}
