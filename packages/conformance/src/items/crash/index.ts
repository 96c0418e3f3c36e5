import type { Item } from "../../item.ts";
import { duringCheckpoint } from "./during-checkpoint.ts";
import { duringRestore } from "./during-restore.ts";
import { duringRun } from "./during-run.ts";
import { whileExecuting } from "./while-executing.ts";

export const crashItems: readonly Item[] = [duringCheckpoint, duringRestore, duringRun, whileExecuting];
