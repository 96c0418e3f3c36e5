import type { ItemResult, Report } from "../runner/result.ts";

export interface JUnitOptions {
  /** Name of the test suite. Default `substrate conformance`. */
  readonly name?: string;
}

/** The report in the XML that build servers read. */
export function junitReport(report: Report, options: JUnitOptions = {}): string {
  const { results } = report;
  const failures = results.filter(({ outcome }) => outcome.kind === "failed").length;
  const skipped = results.filter(({ outcome }) => outcome.kind.startsWith("not-")).length;
  const attributes = [
    `name="${escapeXml(options.name ?? "substrate conformance")}"`,
    `tests="${results.length}"`,
    `failures="${failures}"`,
    `skipped="${skipped}"`,
    'errors="0"',
    `time="${seconds(report.durationMs)}"`,
  ].join(" ");
  const cases = results.map(testCase).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite ${attributes}>\n${cases}\n</testsuite>\n</testsuites>\n`;
}

function testCase({ id, rule, outcome, durationMs }: ItemResult): string {
  const [group = "", name = ""] = id.split("/");
  const open = `<testcase classname="${group}" name="${name}" time="${seconds(durationMs)}"`;
  switch (outcome.kind) {
    case "passed":
      return `${open}/>`;
    case "failed": {
      const text = [`the contract: ${outcome.rule} (${rule})`, `seen: ${outcome.seen}`, ...outcome.log].join(
        "\n",
      );
      return `${open}><failure message="${escapeXml(outcome.seen)}">${escapeXml(text)}</failure></testcase>`;
    }
    case "not-declared":
      return `${open}><skipped message="not declared: ${outcome.missing.join(", ")}"/></testcase>`;
    case "not-run":
      return `${open}><skipped message="${escapeXml(outcome.reason)}"/></testcase>`;
  }
}

function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "?")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;")
  );
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
