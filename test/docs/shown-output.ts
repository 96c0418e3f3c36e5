import type { CodeBlock } from "./code-blocks.ts";

/**
 * The lines of `console` blocks that a session did not print. In them `…` stands for anything; what differs
 * from time to time by itself (uids, digests, numbers with a fraction) is not compared, nor is the white
 * space of tables.
 */
export function linesNotPrinted(
  blocks: readonly CodeBlock[],
  output: string,
): { line: number; text: string }[] {
  const printed = output.split("\n");
  return blocks
    .filter(({ language }) => language === "console")
    .flatMap(({ text, line }) =>
      text.split("\n").map((shown, index) => ({ line: line + 1 + index, text: shown })),
    )
    .filter(({ text }) => text !== "")
    .filter(({ text }) => {
      const pattern = patternOf(text);
      return !printed.some((line) => pattern.test(line));
    });
}

function patternOf(shown: string): RegExp {
  const parts = shown.trim().split(/(…|\b[0-9a-f]{8,64}\b|\b\d+\.\d+\b|\s+)/);
  const source = parts.map((part, index) => (index % 2 === 0 ? escaped(part) : variable(part))).join("");
  return new RegExp(`^\\s*${source}\\s*$`);
}

function variable(part: string): string {
  if (part === "…") return ".*";
  if (/^\s/.test(part)) return "\\s+";
  return part.includes(".") ? "\\d+\\.\\d+" : "[0-9a-f]+";
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
