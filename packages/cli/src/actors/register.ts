import type { Context } from "../context.ts";
import type { Verbs } from "../verbs.ts";
import { registerCreateActor } from "./create.ts";
import { registerDeleteActor } from "./delete.ts";
import { registerGetActors } from "./get.ts";
import { registerLifecycleCommands } from "./lifecycle.ts";
import { registerActorLogs } from "./logs.ts";

export function registerActorCommands(verbs: Verbs, context: Context): void {
  registerGetActors(verbs.get, context);
  registerCreateActor(verbs.create, context);
  registerDeleteActor(verbs.delete, context);
  registerLifecycleCommands(verbs, context);
  registerActorLogs(verbs.logs, context);
}
