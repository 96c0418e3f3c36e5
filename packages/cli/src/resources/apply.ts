import type { JsonObject } from "@bufbuild/protobuf";
import type { Command } from "commander";
import type { Context, Session } from "../context.ts";
import { attempt, CliFailure } from "../failure.ts";
import { examples } from "../verbs.ts";
import { readResourceFiles, resourceName } from "./read-resource-files.ts";

/** `apply -f FILE`. */
export function registerApply(program: Command, context: Context): void {
  const command = program
    .command("apply")
    .description("create or update the resources of a file (YAML or JSON, any number of documents)")
    .requiredOption("-f, --filename <file...>", "file, or - for stdin")
    .addHelpText("after", examples("apply -f counter.yaml", "apply -f - < counter.yaml"))
    .action(async ({ filename }: { filename: string[] }) => {
      const resources = await readResourceFiles(filename, context.io);
      await context.withSession(command, async (session) => {
        const failures: string[] = [];
        // One after the other: a template may need what stands before it.
        for (const resource of resources) {
          const name = resourceName(resource);
          try {
            const outcome = await apply(session, name, resource as unknown as JsonObject);
            context.print(`${name} ${outcome}`);
          } catch (error) {
            if (!(error instanceof CliFailure)) throw error;
            failures.push(error.message);
          }
        }
        if (failures.length > 0) throw new CliFailure(failures.join("\nerror: "));
      });
    });
}

async function apply({ client, endpoint, call }: Session, name: string, object: JsonObject): Promise<string> {
  const { outcome } = await attempt({ doing: `apply ${name}`, endpoint }, () =>
    client.resources.applyResource({ object }, call),
  );
  return ["applied", "created", "configured", "unchanged"][outcome] ?? "applied";
}
