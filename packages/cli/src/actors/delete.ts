import type { Command } from "commander";
import type { Context } from "../context.ts";
import { attempt } from "../failure.ts";
import { examples } from "../verbs.ts";
import { type AtespaceOption, addActorCommand } from "./actor-options.ts";

export function registerDeleteActor(parent: Command, context: Context): void {
  const command = addActorCommand(parent, "remove a suspended actor and its snapshots")
    .addHelpText("after", examples("suspend actor counter-1 -a demo", "delete actor counter-1 -a demo"))
    .action((name: string, { atespace }: AtespaceOption) =>
      context.withSession(command, async ({ client, endpoint, call }) => {
        const ifNotFound = `substrate get actors -a ${atespace} shows those that are there`;
        await attempt({ doing: `delete actor ${atespace}/${name}`, endpoint, ifNotFound }, () =>
          client.control.deleteActor({ actorRef: { atespace, name } }, call),
        );
        context.print(`actor ${atespace}/${name} deleted`);
      }),
    );
}
