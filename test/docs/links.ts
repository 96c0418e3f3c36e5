import { linesOutsideBlocks } from "./code-blocks.ts";

/** A link to a file or heading of this repository. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

/** The links of a Markdown text that lead to no other site. */
export function linksOf(markdown: string): Link[] {
  return linesOutsideBlocks(markdown).flatMap((text, index) =>
    [...text.replace(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => ({ target, line: index + 1 }))
      .filter(({ target }) => !/^[a-z]+:/.test(target)),
  );
}

/** What a link may name after `#`: the headings, as they are made into anchors, and explicit ones. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const text of linesOutsideBlocks(markdown)) {
    const heading = /^#+ (.*)$/.exec(text)?.[1];
    if (heading !== undefined) anchors.add(anchorOf(heading));
    for (const [, name = ""] of text.matchAll(/<a id="([^"]+)">/g)) anchors.add(name);
  }
  return anchors;
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
