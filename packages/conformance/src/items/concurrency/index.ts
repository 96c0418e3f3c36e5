import type { Item } from "../../item.ts";
import { runAndCheckpoint } from "./run-and-checkpoint.ts";
import { twoCheckpoints } from "./two-checkpoints.ts";
import { twoRuns } from "./two-runs.ts";

export const concurrencyItems: readonly Item[] = [runAndCheckpoint, twoCheckpoints, twoRuns];
