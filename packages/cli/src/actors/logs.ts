import type { logs } from "@agent-substrate/contract";
import { type Command, InvalidArgumentError } from "commander";
import type { Context } from "../context.ts";
import { attempt } from "../failure.ts";
import { examples } from "../verbs.ts";
import { type AtespaceOption, atespaceOption } from "./actor-options.ts";

interface Options extends AtespaceOption {
  readonly follow?: boolean;
  readonly tail?: number;
  readonly timestamps?: boolean;
  readonly prefix?: boolean;
}

export function registerActorLogs(parent: Command, context: Context): void {
  const command = parent
    .command("actors")
    .alias("actor")
    .description("what an actor wrote, over every worker that it was on")
    .argument("<name>", "the actor's id")
    .addOption(atespaceOption())
    .option("-f, --follow", "go on with what comes, over suspends and workers")
    .option("--tail <lines>", "only the last lines", parseTail)
    .option("--timestamps", "the time before each line")
    .option("--prefix", "worker and container before each line")
    .addHelpText(
      "after",
      examples("logs actors counter-1 -a demo", "logs actors counter-1 -a demo -f --tail 20"),
    )
    .action((name: string, options: Options) =>
      context.withSession(command, async ({ client, endpoint }) => {
        const { atespace, follow = false, tail: tailLines = 0 } = options;
        const ifNotFound = `substrate get actors -a ${atespace} shows those that are there`;
        await attempt(
          { doing: `read the logs of actor ${atespace}/${name}`, endpoint, ifNotFound },
          async () => {
            const lines = client.logs.readLogs(
              { actorRef: { atespace, name }, follow, tailLines },
              { signal: context.signal },
            );
            for await (const line of lines) context.print(formatLine(line, options));
          },
        );
      }),
    );
}

function formatLine(line: logs.LogLine, { timestamps, prefix }: Options): string {
  const parts: string[] = [];
  if (timestamps)
    parts.push(
      line.time ? new Date(Number(line.time.seconds) * 1000 + line.time.nanos / 1e6).toISOString() : "-",
    );
  if (prefix) parts.push(`[${line.worker || "-"} ${line.container || "-"}]`);
  return [...parts, line.text].join(" ");
}

function parseTail(text: string): number {
  const lines = Number(text);
  if (!/^\d+$/.test(text) || lines < 1 || lines > 1_000_000) {
    throw new InvalidArgumentError("It should be a whole number, 1 to 1000000.");
  }
  return lines;
}
