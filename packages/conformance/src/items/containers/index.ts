import type { Item } from "../../item.ts";
import { allReady } from "./all-ready.ts";
import { outputLabel } from "./output-label.ts";
import { ownState } from "./own-state.ts";
import { sharedDurableDirectory } from "./shared-durable-directory.ts";
import { sharedNetwork } from "./shared-network.ts";

export const containersItems: readonly Item[] = [
  allReady,
  outputLabel,
  ownState,
  sharedDurableDirectory,
  sharedNetwork,
];
