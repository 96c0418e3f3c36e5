import type { Item } from "../../item.ts";
import { killedDuringTimeoutMs, proveKilledDuring } from "../killed-during.ts";

export const duringRun: Item = {
  id: "crash/during-run",
  title: "A back end that is killed during RunWorkload comes back blank, and loses no snapshot.",
  rule: "crash-available",
  about:
    "Kills the back end with SIGKILL at random moments of the call (--kills of them), starts it again for the same uid, runs an actor there, and restores a snapshot that was taken before.",
  mistakes: "Directories, addresses or namespaces of the killed start that the next one trips over.",
  needs: ["command"],
  isLong: true,
  timeoutMs: killedDuringTimeoutMs,
  run: (bench) => proveKilledDuring(bench, "run"),
};
