import type { resources } from "@agent-substrate/contract";
import type { Command } from "commander";
import type { Context, Session } from "../context.ts";
import { attempt } from "../failure.ts";
import { addGetOptions, type GetOptions } from "../output/format-option.ts";
import { formatListing } from "../output/listing.ts";
import { watchListing } from "../output/watch-listing.ts";
import { examples } from "../verbs.ts";
import { type ResourceNoun, resourceNouns } from "./resource-nouns.ts";

interface Options extends GetOptions {
  readonly namespace?: string;
}

/** `get templates`, `get pools` and `get configs`. */
export function registerGetResources(get: Command, context: Context): void {
  for (const noun of resourceNouns) {
    const command = get
      .command(noun.plural)
      .aliases(noun.aliases)
      .description(noun.description)
      .argument("[name]", "only this one");
    if (noun.namespaced) command.option("-n, --namespace <name>", "of this namespace; default: of all");
    addGetOptions(command, { watch: true })
      .addHelpText("after", examples(`get ${noun.plural}`, `get ${noun.plural} -o yaml`))
      .action((name: string | undefined, options: Options) =>
        context.withSession(command, (session) =>
          options.watch
            ? watchResources(context, session, noun, name, options)
            : showResources(context, session, noun, name, options),
        ),
      );
  }
}

async function showResources(
  context: Context,
  { client, endpoint, call }: Session,
  { kind, plural, namespaced, listing }: ResourceNoun,
  name: string | undefined,
  options: Options,
): Promise<void> {
  const doing = name === undefined ? `list ${plural}` : `get ${kind} ${name}`;
  const ifNotFound = `substrate get ${plural} shows those that are there`;
  const found = await attempt({ doing, endpoint, ifNotFound }, async () => {
    if (name === undefined) {
      const namespace = options.namespace ?? "";
      return (await client.resources.listResources({ kind, namespace }, call)).resources;
    }
    const namespace = namespaced ? (options.namespace ?? "default") : "";
    const { resource } = await client.resources.getResource({ kind, namespace, name }, call);
    return resource ? [resource] : [];
  });
  context.print(await formatListing(listing, options.output, found));
}

async function watchResources(
  context: Context,
  { client, endpoint }: Session,
  { kind, plural, listing }: ResourceNoun,
  name: string | undefined,
  options: Options,
): Promise<void> {
  const wanted = (resource: resources.Resource) =>
    resource.kind === kind &&
    (name === undefined || resource.name === name) &&
    (options.namespace === undefined || resource.namespace === options.namespace);
  await attempt({ doing: `watch ${plural}`, endpoint }, () =>
    watchListing<resources.Resource>(client, {
      listing,
      format: options.output,
      options: { resources: true, signal: context.signal },
      print: context.print,
      effect: ({ change }) => {
        if (change.case === "resource" && wanted(change.value)) return { kind: "set", item: change.value };
        if (change.case !== "resourceDeleted" || !wanted(change.value)) return undefined;
        return { kind: "deleted", key: listing.key(change.value) };
      },
      deletedRow: (resource) => [...listing.row(resource).slice(0, -1), "DELETED"],
    }),
  );
}
