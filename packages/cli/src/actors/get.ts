import type { Command } from "commander";
import type { Context, Session } from "../context.ts";
import { attempt, CliFailure } from "../failure.ts";
import { addGetOptions, type GetOptions } from "../output/format-option.ts";
import { formatListing } from "../output/listing.ts";
import { type Effect, watchListing } from "../output/watch-listing.ts";
import { examples } from "../verbs.ts";
import { actorListing } from "./actor-listing.ts";
import { type AtespaceOption, atespaceOption } from "./actor-options.ts";

interface Options extends GetOptions, AtespaceOption {
  readonly allAtespaces?: boolean;
}

export function registerGetActors(get: Command, context: Context): void {
  const command = get
    .command("actors")
    .alias("actor")
    .description("the actors of an atespace, or one of them")
    .argument("[name]", "only this one")
    .addOption(atespaceOption())
    .option("-A, --all-atespaces", "of all atespaces");
  addGetOptions(command, { watch: true })
    .addHelpText(
      "after",
      examples("get actors -a demo", "get actor counter-1 -a demo -o json", "get actors -A -w"),
    )
    .action((name: string | undefined, options: Options) => {
      if (name !== undefined && options.allAtespaces) {
        throw new CliFailure(
          "an actor's id is unique within one atespace: give -a ATESPACE instead of -A",
          2,
        );
      }
      const atespace = options.allAtespaces ? "" : options.atespace;
      return context.withSession(command, (session) =>
        options.watch
          ? watchActors(context, session, atespace, name, options)
          : showActors(context, session, atespace, name, options),
      );
    });
}

async function showActors(
  context: Context,
  { client, endpoint, call }: Session,
  atespace: string,
  name: string | undefined,
  options: Options,
): Promise<void> {
  const doing = name === undefined ? "list actors" : `get actor ${atespace}/${name}`;
  const ifNotFound = "substrate get actors -A shows all that are there";
  const actors = await attempt({ doing, endpoint, ifNotFound }, async () => {
    if (name === undefined) {
      const { listAllActors } = await import("@agent-substrate/sdk");
      return listAllActors(client, atespace, call);
    }
    const { actor } = await client.control.getActor({ actorRef: { atespace, name } }, call);
    return actor ? [actor] : [];
  });
  if (actors.length === 0 && options.output === "table") {
    const where = atespace === "" ? "" : ` in atespace ${atespace}`;
    context.io.stderr.write(`No actors${where}.\n`);
  } else if (actors.length > 0 || options.output !== "name") {
    context.print(await formatListing(actorListing, options.output, actors));
  }
}

async function watchActors(
  context: Context,
  { client, endpoint }: Session,
  atespace: string,
  name: string | undefined,
  options: Options,
): Promise<void> {
  await attempt({ doing: "watch actors", endpoint }, () =>
    watchListing(client, {
      listing: actorListing,
      format: options.output,
      options: { actors: true, atespace, signal: context.signal },
      print: context.print,
      effect: ({ change }): Effect<Parameters<typeof actorListing.key>[0]> | undefined => {
        if (change.case === "actor" && (name === undefined || change.value.actorId === name)) {
          return { kind: "set", item: change.value };
        }
        if (change.case !== "actorDeleted") return undefined;
        return { kind: "deleted", key: `${change.value.atespace}/${change.value.name}` };
      },
      deletedRow: (actor) => actorListing.row(actor).with(4, "DELETED"),
    }),
  );
}
