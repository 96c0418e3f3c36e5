import type { Item } from "../../item.ts";
import { missing } from "./missing.ts";
import { wrongPath } from "./wrong-path.ts";

export const assetsItems: readonly Item[] = [missing, wrongPath];
