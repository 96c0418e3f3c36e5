import type { Item } from "../item.ts";
import { assetsItems } from "./assets/index.ts";
import { checkpointItems } from "./checkpoint/index.ts";
import { concurrencyItems } from "./concurrency/index.ts";
import { containersItems } from "./containers/index.ts";
import { crashItems } from "./crash/index.ts";
import { extensionsItems } from "./extensions/index.ts";
import { leaksItems } from "./leaks/index.ts";
import { operationsItems } from "./operations/index.ts";
import { requestsItems } from "./requests/index.ts";
import { restoreItems } from "./restore/index.ts";
import { runItems } from "./run/index.ts";
import { startItems } from "./start/index.ts";

/** All items, in the order in which a back end's author should pass them. */
export const items: readonly Item[] = [
  ...startItems,
  ...runItems,
  ...checkpointItems,
  ...restoreItems,
  ...containersItems,
  ...assetsItems,
  ...requestsItems,
  ...operationsItems,
  ...concurrencyItems,
  ...crashItems,
  ...leaksItems,
  ...extensionsItems,
];
