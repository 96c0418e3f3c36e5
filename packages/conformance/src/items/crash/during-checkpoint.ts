import type { Item } from "../../item.ts";
import { proveKilledDuring } from "../killed-during.ts";

export const duringCheckpoint: Item = {
  id: "crash/during-checkpoint",
  title: "A back end that is killed during CheckpointWorkload comes back blank, and loses no snapshot.",
  rule: "crash-snapshots",
  about:
    "Kills the back end with SIGKILL at random moments of the call (five for the usual --cycles, one for every forty), starts it again for the same uid, runs an actor there, and restores a snapshot that was taken before.",
  mistakes: "Writing into files of an earlier snapshot, or believing a record that was half written.",
  needs: ["command"],
  timeoutMs: 300_000,
  run: (bench) => proveKilledDuring(bench, "checkpoint"),
};
