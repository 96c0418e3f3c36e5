import type { CodeBlock } from "./code-blocks.ts";

/**
 * The blocks as one script for bash, which writes the line of each block to `$PROGRESS` as it begins. What
 * a document leaves in the background is ended and waited for, so that one that fails leaves nothing either.
 * A request that is answered by an error fails, as a reader would see at once.
 */
export function sessionScript(blocks: readonly CodeBlock[]): string {
  const atEnd = "code=$?; kill $(jobs -p) 2>/dev/null || true; wait; exit $code";
  const steps = blocks.map(({ line, file, text }) => {
    const step = file === undefined ? text : `cat >${file} <<'END_OF_BLOCK'\n${text}END_OF_BLOCK\n`;
    return `echo ${line} >>"$PROGRESS"\n${step}`;
  });
  const curl = `curl() { command curl --silent --show-error --fail-with-body "$@"; }`;
  return [curl, `trap '${atEnd}' EXIT`, ...steps].join("\n");
}
