import { readFileSync } from "node:fs";
import { parseStaticNodes } from "./parse-static-nodes.ts";
import type { StaticNode } from "./static-node.ts";

/** Reads a file of nodes once, at the start. Throws with file, line and field, or why it cannot be read. */
export function readStaticNodes(file: string): StaticNode[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
  return parseStaticNodes(text, file);
}
