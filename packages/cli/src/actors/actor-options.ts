import { type Command, InvalidArgumentError, Option } from "commander";

export interface AtespaceOption {
  readonly atespace: string;
}

/** `-a ATESPACE`, as every command about one actor takes it. */
export function atespaceOption(): Option {
  return new Option("-a, --atespace <name>", "the actor's atespace")
    .env("SUBSTRATE_ATESPACE")
    .default("default");
}

/** A verb on one actor: `VERB actor NAME -a ATESPACE`. */
export function addActorCommand(verb: Command, description: string): Command {
  return verb
    .command("actor")
    .description(description)
    .argument("<name>", "the actor's id")
    .addOption(atespaceOption());
}

/** `NAMESPACE/NAME`, or `NAME` in the namespace `default`. */
export function parseTemplateName(text: string): { namespace: string; name: string } {
  const parts = text.split("/");
  const [namespace, name] = parts.length === 1 ? ["default", parts[0]] : parts;
  if (parts.length > 2 || !namespace || !name) {
    throw new InvalidArgumentError("It should be NAMESPACE/NAME, or NAME in the namespace default.");
  }
  return { namespace, name };
}

/** `key=value,key=value`. */
export function parseSelector(text: string): Record<string, string> {
  const entries = text.split(",").map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new InvalidArgumentError("It should be KEY=VALUE,KEY=VALUE.");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}
