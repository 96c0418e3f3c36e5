import { items } from "../items/index.ts";

/** What a group of items is about, in the order of the suite. */
const groupTitles: Readonly<Record<string, string>> = {
  start: "start: the process and its socket",
  run: "run: a workload, its readiness and its world",
  checkpoint: "checkpoint: what is stored, and what is left",
  restore: "restore: an actor goes on",
  containers: "containers: several in one workload",
  assets: "assets: what the back end runs on",
  requests: "requests: wrong and hostile ones",
  operations: "operations: repeated, late and lost calls",
  concurrency: "concurrency: calls at the same time",
  crash: "crash: a back end that is killed",
  leaks: "leaks: weeks of work",
  extensions: "extensions: what is offered beside the base contract",
};

/** Group -> text of `docs/reference/conformance/<group>.md`. Throws for a group without a title. */
export function itemPages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  const groups = new Set(items.map(({ id }) => groupOf(id)));
  for (const group of groups) {
    const title = groupTitles[group];
    if (title === undefined) throw new Error(`the group ${group} has no title`);
    const sections = items
      .filter(({ id }) => groupOf(id) === group)
      .map(({ id, title: what, rule, about, mistakes, needs = [] }) => {
        const need = needs.length > 0 ? `\n\nRun where there is: ${needs.join(", ")}.` : "";
        return `## ${id.slice(group.length + 1)}

**${what}** Rule [${rule}](../back-end-contract.md#${rule}).

${about}

Often wrong: ${mistakes}${need}`;
      });
    const alone = `To run these alone: \`substrate conformance --item ${group}/ -- COMMAND\`.`;
    pages.set(group, `${[`# ${title}`, alone, ...sections].join("\n\n")}\n`);
  }
  return pages;
}

function groupOf(id: string): string {
  return id.slice(0, id.indexOf("/"));
}
