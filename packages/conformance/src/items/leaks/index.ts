import type { Item } from "../../item.ts";
import { cycles } from "./cycles.ts";

export const leaksItems: readonly Item[] = [cycles];
