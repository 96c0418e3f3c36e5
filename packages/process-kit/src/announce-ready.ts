import { writeSync } from "node:fs";

/** What a process says of itself once it serves, for example its addresses. Never a secret. */
export type AnnouncedFacts = Readonly<Record<string, string | number | boolean>>;

/** Tells the supervisor, by one line on stdout, that this process serves. Called once. */
export function announceReady(facts: AnnouncedFacts = {}): void {
  writeSync(1, `${JSON.stringify({ ...facts, ready: true })}\n`);
}

/** The facts of such a line; undefined for any other line. */
export function parseAnnouncement(line: string): AnnouncedFacts | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const facts = JSON.parse(line) as AnnouncedFacts;
    return facts.ready === true ? facts : undefined;
  } catch {
    return undefined;
  }
}
