import type { Item } from "../../item.ts";
import { blankState } from "./blank-state.ts";
import { exactNames } from "./exact-names.ts";
import { noProcessLeft } from "./no-process-left.ts";
import { noSignal } from "./no-signal.ts";
import { ofAnotherActor } from "./of-another-actor.ts";
import { ofNobody } from "./of-nobody.ts";
import { oldConnections } from "./old-connections.ts";
import { plainNames } from "./plain-names.ts";
import { prefixNotNeeded } from "./prefix-not-needed.ts";
import { scope } from "./scope.ts";
import { unreachable } from "./unreachable.ts";

export const checkpointItems: readonly Item[] = [
  blankState,
  exactNames,
  noProcessLeft,
  noSignal,
  ofAnotherActor,
  ofNobody,
  oldConnections,
  plainNames,
  prefixNotNeeded,
  scope,
  unreachable,
];
