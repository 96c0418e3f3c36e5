import type { Item } from "../item.ts";
import { startItems } from "./start/index.ts";

/** All items, in the order in which a back end's author should pass them. */
export const items: readonly Item[] = [...startItems];
