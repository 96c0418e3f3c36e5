import type { Command } from "commander";
import type { Context } from "../context.ts";
import { attempt, CliFailure } from "../failure.ts";
import { examples } from "../verbs.ts";
import { readResourceFiles, resourceName } from "./read-resource-files.ts";

interface Options {
  readonly filename?: string[];
  readonly ignoreNotFound?: boolean;
}

/** `delete -f FILE`, which stands beside `delete actor` and `delete atespace`. */
export function registerDeleteFile(parent: Command, context: Context): void {
  parent
    .option("-f, --filename <file...>", "remove the resources of this file; - for stdin")
    .option("--ignore-not-found", "those that are not there are no failure")
    .addHelpText(
      "after",
      examples("delete -f counter.yaml", "delete actor counter-1 -a demo", "delete atespace demo"),
    )
    .action(async ({ filename, ignoreNotFound = false }: Options) => {
      if (!filename) throw new CliFailure("delete what? give actor NAME, atespace NAME or -f FILE", 2);
      const resources = await readResourceFiles(filename, context.io);
      await context.withSession(parent, async ({ client, endpoint, call }) => {
        // What was applied last may need what was applied first.
        for (const resource of resources.toReversed()) {
          const { kind, metadata } = resource;
          const name = resourceName(resource);
          const gone = await attempt({ doing: `delete ${name}`, endpoint }, async () => {
            try {
              await client.resources.deleteResource(
                { kind, namespace: metadata.namespace, name: metadata.name },
                call,
              );
              return true;
            } catch (error) {
              const { Code, ConnectError } = await import("@connectrpc/connect");
              if (ignoreNotFound && ConnectError.from(error).code === Code.NotFound) return false;
              throw error;
            }
          });
          if (gone) context.print(`${name} deleted`);
        }
      });
    });
}
