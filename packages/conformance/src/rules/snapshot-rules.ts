import { may, must, ruleGroup } from "./rule.ts";

export const snapshotRules = ruleGroup("Checkpoint and restore", {
  "checkpoint-names": must(
    "CheckpointWorkload reports exactly the files that belong to the snapshot, by plain names in `checkpoint-state/`, at least one. A restore needs no other file.",
  ),
  "checkpoint-prefix": must("`snapshot_uri_prefix` may be empty, and is not needed."),
  "checkpoint-scope": must(
    "An unspecified scope, and a scope that the back end does not declare, are refused with INVALID_ARGUMENT.",
  ),
  "checkpoint-blank": must(
    "After a checkpoint the worker is available and blank: no process, file, connection or address of its last actor is left for the next one.",
  ),
  "checkpoint-no-signal": must("The actor is given no signal at a checkpoint."),
  "checkpoint-refused": must(
    "A checkpoint of an available worker, or of another actor than the one that runs, is refused with FAILED_PRECONDITION or NOT_FOUND and harms nothing.",
  ),
  "restore-elsewhere": must(
    "A snapshot restores on every worker of the same class, also by another process, from `restore-state/` of any actor of the same template.",
  ),
  "restore-full": must(
    "With the scope FULL, memory, changes to the root file system and durable directories go on.",
  ),
  "restore-data": must(
    "With the scope DATA, durable directories go on, and the workload is booted anew around them.",
  ),
  "restore-again": must(
    "A snapshot may be restored any number of times, and a restored workload checkpointed again.",
  ),
  "restore-connections": must(
    "Connections that were open at the checkpoint do not keep the workload from being restored or from serving new ones.",
  ),
  "restore-damaged": must(
    "A snapshot with a missing or truncated file is refused, never answered with a fresh start. One whose bytes have changed may go unnoticed (the node supervisor checks what it stores), but is answered in time and makes no worker unusable.",
  ),
  "restore-scope": must("A restore with another scope than the snapshot was taken with is refused."),
  "restore-lazy": may(
    "A back end may read `restore-state/` for as long as the workload runs; the next checkpoint goes to another directory.",
  ),
});
