import type { Item } from "../../item.ts";
import { killedDuringTimeoutMs, proveKilledDuring } from "../killed-during.ts";

export const duringRestore: Item = {
  id: "crash/during-restore",
  title: "A back end that is killed during RestoreWorkload comes back blank, and loses no snapshot.",
  rule: "crash-available",
  about:
    "Kills the back end with SIGKILL at random moments of the call (--kills of them), starts it again for the same uid, runs an actor there, and restores a snapshot that was taken before.",
  mistakes: "A restore that changes the files it reads, so that they restore only once.",
  needs: ["command"],
  isLong: true,
  timeoutMs: killedDuringTimeoutMs,
  run: (bench) => proveKilledDuring(bench, "restore"),
};
