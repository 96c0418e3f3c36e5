import type { Item } from "../../item.ts";
import { bootId } from "./boot-id.ts";
import { describe } from "./describe.ts";
import { execInActor } from "./exec-in-actor.ts";
import { execOutput } from "./exec-output.ts";
import { execRefused } from "./exec-refused.ts";
import { execSignal } from "./exec-signal.ts";
import { execStdin } from "./exec-stdin.ts";
import { execTerminal } from "./exec-terminal.ts";
import { freeze } from "./freeze.ts";
import { frozenCheckpoint } from "./frozen-checkpoint.ts";
import { snapshot } from "./snapshot.ts";
import { stats } from "./stats.ts";
import { status } from "./status.ts";
import { terminate } from "./terminate.ts";
import { undeclared } from "./undeclared.ts";
import { watch } from "./watch.ts";

export const extensionsItems: readonly Item[] = [
  bootId,
  describe,
  execInActor,
  execOutput,
  execRefused,
  execSignal,
  execStdin,
  execTerminal,
  freeze,
  frozenCheckpoint,
  snapshot,
  stats,
  status,
  terminate,
  undeclared,
  watch,
];
