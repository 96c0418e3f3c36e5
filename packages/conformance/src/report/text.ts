import type { ItemResult, Outcome, Report } from "../runner/result.ts";

/** `ok 12 checkpoint/exact-names (0.8 s)`, and for a failure what to know of it. */
export function progressLine(result: ItemResult, number: number, repeat: (id: string) => string): string {
  const { id, outcome, durationMs } = result;
  const name = `${number} ${id}`;
  switch (outcome.kind) {
    case "passed":
      return `ok ${name} (${seconds(durationMs)})`;
    case "not-declared":
      return `-- ${name}: not declared (${outcome.missing.join(", ")})`;
    case "not-run":
      return `-- ${name}: not run: ${outcome.reason}`;
    case "failed":
      return [
        `FAILED ${name} (${seconds(durationMs)})`,
        `    ${result.title}`,
        `    the contract: ${outcome.rule} (${result.rule})`,
        `    seen: ${outcome.seen.replaceAll("\n", "\n    ")}`,
        ...(outcome.log.length > 0 ? ["    last lines of the back end:"] : []),
        ...outcome.log.map((line) => `      ${line.slice(0, 400)}`),
        `    again: ${repeat(id)}`,
      ].join("\n");
  }
}

/** What the whole run came to. */
export function summaryLines({ results, durationMs, backEnd, seed }: Report): string[] {
  const count = (kind: Outcome["kind"]) => results.filter(({ outcome }) => outcome.kind === kind).length;
  const who = backEnd.sandboxClass === undefined ? "base contract only" : `class ${backEnd.sandboxClass}`;
  const failed = results.filter(({ outcome }) => outcome.kind === "failed").map(({ id }) => `  FAILED ${id}`);
  return [
    ...failed,
    `${count("passed")} passed, ${count("failed")} failed, ${count("not-declared")} not declared, ${count("not-run")} not run, in ${seconds(durationMs)} (${who}; scopes ${backEnd.scopes.join(", ") || "none"}; seed ${seed})`,
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
