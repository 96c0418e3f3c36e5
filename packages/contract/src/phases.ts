// L12: the phase timings of an operation add up to its wall time, with "other" shown.

/** A part of an operation's time. Phases do not overlap. */
export interface Phase {
  /** Kebab-case, unique within an operation. */
  readonly name: string;
  readonly durationMs: number;
}

const phasePattern = /^([a-z][a-z0-9-]{0,31})=(\d{1,9}(?:\.\d{1,3})?)$/;

/** `place=0.412;restore=61.020`, the value of the `ate-phases` trailer. */
export function formatPhases(phases: readonly Phase[]): string {
  return phases.map((phase) => `${phase.name}=${Math.max(0, phase.durationMs).toFixed(3)}`).join(";");
}

/** Reads what another process wrote; what is no phase is left out, and 64 are read at most. */
export function parsePhases(text: string | null | undefined): Phase[] {
  if (!text) return [];
  const phases: Phase[] = [];
  for (const part of text.split(";", 64)) {
    const match = phasePattern.exec(part.trim());
    if (match?.[1] && match[2]) phases.push({ name: match[1], durationMs: Number(match[2]) });
  }
  return phases;
}

/**
 * Measures one operation as a sequence of phases. A phase that another process reports in detail
 * is replaced by its parts, and what they leave of it is kept under the phase's own name.
 */
export class PhaseClock {
  readonly #now: () => number;
  readonly #start: number;
  readonly #phases: Phase[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#start = now();
  }

  /** Runs one step and counts its time, also when it fails. */
  async measure<T>(name: string, step: () => Promise<T>): Promise<T> {
    const start = this.#now();
    try {
      return await step();
    } finally {
      this.add(name, this.#now() - start);
    }
  }

  /** Counts a call to another process, split by what that process says of its own time. */
  async measureCall<T>(
    name: string,
    call: (report: (parts: readonly Phase[]) => void) => Promise<T>,
  ): Promise<T> {
    const start = this.#now();
    let parts: readonly Phase[] = [];
    try {
      return await call((reported) => {
        parts = reported;
      });
    } finally {
      const total = this.#now() - start;
      for (const part of parts) this.add(part.name, part.durationMs);
      this.add(name, total - parts.reduce((sum, part) => sum + part.durationMs, 0));
    }
  }

  add(name: string, durationMs: number): void {
    const index = this.#phases.findIndex((phase) => phase.name === name);
    const known = this.#phases[index];
    if (known) this.#phases[index] = { name, durationMs: known.durationMs + durationMs };
    else this.#phases.push({ name, durationMs });
  }

  /** Milliseconds since the clock was made. */
  elapsedMs(): number {
    return this.#now() - this.#start;
  }

  /** All phases up to now and `other`, which makes them add up to the wall time. */
  finish(): Phase[] {
    const measured = this.#phases.filter((phase) => phase.name !== "other");
    const sum = measured.reduce((total, phase) => total + phase.durationMs, 0);
    return [...measured, { name: "other", durationMs: this.elapsedMs() - sum }];
  }
}
