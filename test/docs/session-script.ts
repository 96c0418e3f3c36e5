import type { CodeBlock } from "./code-blocks.ts";

/**
 * The blocks as one script for bash, which writes the line of each block to `$PROGRESS` as it begins. What
 * a document leaves in the background is ended and waited for, so that one that fails leaves nothing either.
 */
export function sessionScript(blocks: readonly CodeBlock[]): string {
  const atEnd = "code=$?; kill $(jobs -p) 2>/dev/null || true; wait; exit $code";
  const steps = blocks.map(({ line, file, text }) => {
    const step = file === undefined ? text : `cat >${file} <<'END_OF_BLOCK'\n${text}END_OF_BLOCK\n`;
    return `echo ${line} >>"$PROGRESS"\n${step}`;
  });
  return [`trap '${atEnd}' EXIT`, ...steps].join("\n");
}
