import { type Command, Option } from "commander";
import type { Context } from "../context.ts";
import { attempt } from "../failure.ts";
import { examples } from "../verbs.ts";
import { type AtespaceOption, addActorCommand, parseSelector, parseTemplateName } from "./actor-options.ts";

interface Options extends AtespaceOption {
  readonly template: ReturnType<typeof parseTemplateName>;
  readonly selector?: Record<string, string>;
}

export function registerCreateActor(create: Command, context: Context): void {
  const command = addActorCommand(create, "make an actor; it starts SUSPENDED and wakes when somebody asks")
    .addOption(
      new Option("--template <namespace/name>", "what it is made from")
        .argParser(parseTemplateName)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--selector <key=value,…>", "labels that its worker's pool must have").argParser(
        parseSelector,
      ),
    )
    .addHelpText(
      "after",
      examples(
        "create actor counter-1 --template default/counter -a demo",
        "create actor big-1 --template default/counter --selector size=big",
      ),
    )
    .action((name: string, { atespace, template, selector }: Options) =>
      context.withSession(command, async ({ client, endpoint, call }) => {
        await attempt({ doing: `create actor ${atespace}/${name}`, endpoint }, () =>
          client.control.createActor(
            {
              actorRef: { atespace, name },
              actorTemplateNamespace: template.namespace,
              actorTemplateName: template.name,
              ...(selector && { workerSelector: { matchLabels: selector } }),
            },
            call,
          ),
        );
        context.print(`actor ${atespace}/${name} created`);
      }),
    );
}
