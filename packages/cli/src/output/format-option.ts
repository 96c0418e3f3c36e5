import { type Command, Option } from "commander";

/** How `get` shows what it found. */
export type Format = "table" | "json" | "yaml" | "name";

export interface GetOptions {
  readonly output: Format;
  readonly watch?: boolean;
}

/** Adds `-o`, and `-w` where the noun can be watched. */
export function addGetOptions(command: Command, { watch }: { watch: boolean }): Command {
  command.addOption(
    new Option("-o, --output <format>", "how to show it")
      .choices(["table", "json", "yaml", "name"])
      .default("table"),
  );
  if (watch) command.option("-w, --watch", "go on with each change");
  return command;
}
