import { glob, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type CodeBlock, codeBlocks } from "./code-blocks.ts";

export const checkout = resolve(import.meta.dirname, "../..");

/** A Markdown file that users read. */
export interface Document {
  /** Relative to the checkout. */
  readonly path: string;
  readonly text: string;
}

/** README.md and everything under docs/, by path. */
export async function readDocuments(): Promise<Document[]> {
  const paths: string[] = [];
  for await (const path of glob(["README.md", "docs/**/*.md"], { cwd: checkout })) paths.push(path);
  return Promise.all(
    paths.sort().map(async (path) => ({ path, text: await readFile(resolve(checkout, path), "utf8") })),
  );
}

/** The blocks that a reader types or saves, in order. */
export function sessionOf({ text }: Document): CodeBlock[] {
  return codeBlocks(text).filter(
    ({ language, notRun, file }) => (language === "sh" && notRun === undefined) || file !== undefined,
  );
}
