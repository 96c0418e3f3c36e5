import { items } from "../items/index.ts";
import { type Rule, ruleGroups } from "../rules/index.ts";

const opening = `# The contract of a back end

What a node supervisor may rely on. Messages and fields are told in \`proto/ateom/ateom.proto\` and
\`proto/substrate/v1/extensions.proto\`. Each rule names the items of \`substrate conformance\` that prove it:

\`\`\`sh not-run: needs a back end of your own
sudo ./substrate conformance -- COMMAND ARG…
\`\`\`

This page is made of the rules and items in \`packages/conformance\`: \`npm run conformance:docs\`.
`;

/** `docs/reference/back-end-contract.md`. */
export function backEndContractPage(): string {
  const groups = ruleGroups.map(({ title, rules }) => {
    const sections = Object.entries(rules).map(([anchor, rule]) => ruleSection(anchor, rule));
    return [`## ${title}`, ...sections].join("\n\n");
  });
  return `${[opening.trimEnd(), ...groups].join("\n\n")}\n`;
}

function ruleSection(anchor: string, rule: Rule): string {
  const proofs = items
    .filter((item) => item.rule === anchor)
    .map(({ id }) => {
      const [group = "", name = ""] = id.split("/");
      return `[${id}](conformance/${group}.md#${name})`;
    });
  return [
    `### ${anchor}`,
    `**${rule.level}.** ${rule.text}`,
    ...(proofs.length > 0 ? [`Proved by ${proofs.join(", ")}.`] : []),
    ...(rule.untested === undefined ? [] : [`Not proved: ${rule.untested}.`]),
  ].join("\n\n");
}
