import type { Item } from "../../item.ts";
import { killedDuringTimeoutMs, proveKilledDuring } from "../killed-during.ts";

export const duringCheckpoint: Item = {
  id: "crash/during-checkpoint",
  title: "A back end that is killed during CheckpointWorkload comes back blank, and loses no snapshot.",
  rule: "crash-snapshots",
  about:
    "Kills the back end with SIGKILL at random moments of the call (--kills of them), starts it again for the same uid, runs an actor there, and restores a snapshot that was taken before.",
  mistakes: "Writing into files of an earlier snapshot, or believing a record that was half written.",
  needs: ["command"],
  isLong: true,
  timeoutMs: killedDuringTimeoutMs,
  run: (bench) => proveKilledDuring(bench, "checkpoint"),
};
