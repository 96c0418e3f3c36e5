import type { NodeItem } from "../node-item.ts";
import { lifecycleItems } from "./lifecycle.ts";
import { nodeServiceItems } from "./node-service.ts";
import { requestItems } from "./requests.ts";
import { storageItems } from "./storage.ts";

/** All items, in the order in which a node supervisor's author should pass them. */
export const nodeItems: readonly NodeItem[] = [
  ...requestItems,
  ...lifecycleItems,
  ...storageItems,
  ...nodeServiceItems,
];
