import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Verbs } from "../verbs.ts";
import { registerApply } from "./apply.ts";
import { registerDeleteFile } from "./delete.ts";
import { registerGetResources } from "./get.ts";

export function registerResourceCommands(verbs: Verbs, program: Command, context: Context): void {
  registerApply(program, context);
  registerDeleteFile(verbs.delete, context);
  registerGetResources(verbs.get, context);
}
