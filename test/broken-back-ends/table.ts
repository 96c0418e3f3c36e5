import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A program with a fault, and how the suite finds it. */
export interface BrokenBackEnd {
  readonly name: string;
  readonly program: string;
  readonly fault: string;
  /** The id of the only item that fails. */
  readonly item: string;
  /** Part of the sentence with which it fails. */
  readonly seen: string;
}

const row = /^\| \[(.+?)\]\((.+?)\) \| (.+?) \| (.+?) \| (.+?) \|$/gm;

/** The rows of this folder's README. */
export async function readTable(): Promise<BrokenBackEnd[]> {
  const text = await readFile(join(import.meta.dirname, "README.md"), "utf8");
  return [...text.matchAll(row)].map(([, name = "", path = "", fault = "", item = "", seen = ""]) => ({
    name,
    program: join(import.meta.dirname, path),
    fault,
    item,
    seen,
  }));
}
