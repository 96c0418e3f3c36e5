import type { ateapi } from "@agent-substrate/contract";
import type { Context } from "../context.ts";
import { attempt } from "../failure.ts";
import { addGetOptions, type GetOptions } from "../output/format-option.ts";
import { compareTexts, formatListing, type Listing, messageJson } from "../output/listing.ts";
import { examples, type Verbs } from "../verbs.ts";

const listing: Listing<ateapi.Atespace> = {
  columns: ["NAME"],
  row: ({ name }) => [name],
  name: ({ name }) => `atespace/${name}`,
  key: ({ name }) => name,
  compare: (a, b) => compareTexts([a.name, b.name]),
  async toJson(atespaces) {
    const { ateapi } = await import("@agent-substrate/contract");
    return messageJson(ateapi.ListAtespacesResponseSchema, { atespaces: [...atespaces] });
  },
};

/** `get`, `create` and `delete` of atespaces. */
export function registerAtespaceCommands(verbs: Verbs, context: Context): void {
  registerGet(verbs, context);
  const create = verbs.create
    .command("atespace")
    .description("make an atespace, within which actors' ids are unique")
    .argument("<name>")
    .addHelpText("after", examples("create atespace demo"))
    .action((name: string) =>
      context.withSession(create, async ({ client, endpoint, call }) => {
        await attempt({ doing: `create atespace ${name}`, endpoint }, () =>
          client.control.createAtespace({ name }, call),
        );
        context.print(`atespace ${name} created`);
      }),
    );
  const remove = verbs.delete
    .command("atespace")
    .description("remove an atespace that has no actors")
    .argument("<name>")
    .addHelpText("after", examples("delete atespace demo"))
    .action((name: string) =>
      context.withSession(remove, async ({ client, endpoint, call }) => {
        const ifNotFound = "substrate get atespaces shows those that are there";
        await attempt({ doing: `delete atespace ${name}`, endpoint, ifNotFound }, () =>
          client.control.deleteAtespace({ name }, call),
        );
        context.print(`atespace ${name} deleted`);
      }),
    );
}

function registerGet(verbs: Verbs, context: Context): void {
  const command = verbs.get
    .command("atespaces")
    .alias("atespace")
    .description("the atespaces, or one of them")
    .argument("[name]", "only this one");
  addGetOptions(command, { watch: false })
    .addHelpText("after", examples("get atespaces", "get atespace demo -o yaml"))
    .action((name: string | undefined, { output }: GetOptions) =>
      context.withSession(command, async ({ client, endpoint, call }) => {
        const doing = name === undefined ? "list atespaces" : `get atespace ${name}`;
        const ifNotFound = "substrate get atespaces shows those that are there";
        const atespaces = await attempt({ doing, endpoint, ifNotFound }, async () => {
          if (name === undefined) return (await client.control.listAtespaces({}, call)).atespaces;
          const { atespace } = await client.control.getAtespace({ name }, call);
          return atespace ? [atespace] : [];
        });
        context.print(await formatListing(listing, output, atespaces));
      }),
    );
}
