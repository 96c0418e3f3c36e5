import { nodeItems } from "./items/index.ts";
import { nodeRuleGroups } from "./node-rules.ts";

const opening = `# The contract of a node supervisor

What a control plane asks of \`atelet.AteomHerder\`, and of \`substrate.v1.Node\` where a node offers it. Messages and their fields are
told in \`proto/atelet/atelet.proto\` and \`proto/substrate/v1/node.proto\`; how a node joins a control plane, in
[static nodes](static-nodes.md). Each rule names the items that prove it:

\`\`\`sh not-run: needs a node of your own
sudo ./substrate conformance --node HOST:PORT --worker UID=ADDRESS --worker UID=ADDRESS \\
  --image REFERENCE --snapshots FOLDER --config sandbox-config.yaml
\`\`\`

The workers have to be blank, and nobody else's during the run: a control plane that the node is registered with would end what it did not
start. The program of the image counts at \`POST /\`, once in memory and once in a
file: \`{"memory":1,"file":1}\`; \`demos/counter\` is one. The folder is one that the node reaches at the same path: snapshots are stored
there, read, and written as other node supervisors write them.
`;

/** `docs/reference/node-contract.md`, from rules and items. */
export function nodeContractPage(): string {
  const groups = nodeRuleGroups.map(({ title, rules }) => {
    const sections = Object.entries(rules).map(([anchor, rule]) => {
      const items = nodeItems.filter((item) => item.rule === anchor);
      const proofs = items.map(
        ({ id, title: what, mistakes }) => `- \`${id}\`: ${what} Often wrong: ${lower(mistakes)}`,
      );
      const untested = rule.untested === undefined ? [] : [`Not proved: ${rule.untested}.`];
      return [`### ${anchor}`, `**${rule.level}.** ${rule.text}`, ...untested, proofs.join("\n")]
        .filter((part) => part !== "")
        .join("\n\n");
    });
    return [`## ${title}`, ...sections].join("\n\n");
  });
  return `${[opening.trimEnd(), ...groups].join("\n\n")}\n`;
}

function lower(sentence: string): string {
  return /^[A-Z][a-z]/.test(sentence) ? sentence[0]?.toLowerCase() + sentence.slice(1) : sentence;
}
