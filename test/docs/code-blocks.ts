// The info strings that a document may have:
//
//   sh                      run, in the order of the document, in one session
//   sh not-run: REASON      not run
//   yaml                    read as resources where it says `kind:`; `IMAGE` and `…_IMAGE` stand for any image
//   yaml FILE, ts FILE, sh FILE
//                           written to FILE below the session's folder, before the next block is run
//   json                    read
//   console, text, ts       shown only

export interface CodeBlock {
  readonly language: "sh" | "yaml" | "json" | "console" | "text" | "ts";
  /** Why it is not run. */
  readonly notRun?: string;
  /** Where a session finds it. */
  readonly file?: string;
  readonly text: string;
  /** Of its fence, counted from 1. */
  readonly line: number;
}

const infoPattern =
  /^(?:(?<shown>json|console|text|ts)|sh(?: not-run: (?<notRun>\S.*))?|(?:yaml|ts|sh)(?: (?<file>[\w-]+(?:[./][\w-]+)+))?)$/;

/** The fenced blocks of a Markdown text. Throws, with the line, where one has no known info string or no end. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { readonly fence: string; readonly block: CodeBlock; readonly lines: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    if (open && text.trim() === open.fence) {
      blocks.push({ ...open.block, text: open.lines.map((line) => `${line}\n`).join("") });
      open = undefined;
    } else if (open) {
      open.lines.push(text);
    } else {
      const [, fence, info] = /^\s*(`{3,}|~{3,})(.*)$/.exec(text) ?? [];
      if (fence !== undefined) open = { fence, block: emptyBlock(info ?? "", index + 1), lines: [] };
    }
  }
  if (open) throw new Error(`line ${open.block.line}: the block does not end`);
  return blocks;
}

function emptyBlock(info: string, line: number): CodeBlock {
  const found = infoPattern.exec(info.trim());
  if (!found) throw new Error(`line ${line}: unknown info string ${JSON.stringify(info)}`);
  const { shown, notRun, file } = found.groups ?? {};
  const language = (shown ?? info.trim().split(" ")[0]) as CodeBlock["language"];
  return { language, line, text: "", ...(notRun && { notRun }), ...(file && { file }) };
}

/** All lines of a Markdown text; those of fenced blocks are empty. */
export function linesOutsideBlocks(markdown: string): string[] {
  let fenced = false;
  return markdown.split("\n").map((text) => {
    const fence = /^\s*(`{3,}|~{3,})/.test(text);
    if (fence) fenced = !fenced;
    return fenced || fence ? "" : text;
  });
}
