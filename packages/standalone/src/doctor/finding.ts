/** What the doctor says about one thing. */
export interface Finding {
  /** `lacks`: `up` will not work. `slow`: it works, but could do better. */
  readonly verdict: "ok" | "slow" | "lacks";
  readonly subject: string;
  readonly text: string;
  /** What to type or do; absent where all is well. */
  readonly mend?: string;
}

export function ok(subject: string, text: string): Finding {
  return { verdict: "ok", subject, text };
}

export function slow(subject: string, text: string, mend: string): Finding {
  return { verdict: "slow", subject, text, mend };
}

export function lacks(subject: string, text: string, mend: string): Finding {
  return { verdict: "lacks", subject, text, mend };
}

/** One line, and a second one with the remedy. */
export function formatFinding({ verdict, subject, text, mend }: Finding): string {
  const line = `${verdict.padEnd(5)}  ${subject}: ${text}`;
  return mend === undefined ? line : `${line}\n       ${mend}`;
}
