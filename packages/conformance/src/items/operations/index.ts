import type { Item } from "../../item.ts";
import { afterRestart } from "./after-restart.ts";
import { lostReply } from "./lost-reply.ts";
import { olderGeneration } from "./older-generation.ts";
import { otherCall } from "./other-call.ts";
import { repeatedCheckpoint } from "./repeated-checkpoint.ts";
import { repeatedRun } from "./repeated-run.ts";

export const operationsItems: readonly Item[] = [
  afterRestart,
  lostReply,
  olderGeneration,
  otherCall,
  repeatedCheckpoint,
  repeatedRun,
];
