import { may, must, ruleGroup } from "./rule.ts";

export const extensionRules = ruleGroup("AteomExtensions", {
  "extensions-optional": may(
    "A back end may offer `substrate.v1.AteomExtensions` on the same socket, and any of its capabilities.",
  ),
  "extensions-describe": must(
    "Describe tells the class (a DNS label), the contract version, the required assets, the capabilities with at least one scope, and a boot id that is new at each start.",
  ),
  "extensions-fail-closed": must(
    "A call of a capability that Describe does not declare is refused with UNIMPLEMENTED or FAILED_PRECONDITION, never attempted.",
  ),
  "extensions-status": must("GetStatus tells whether the worker is available or executing, and which actor."),
  "extensions-watch": must(
    "Watch tells that a workload was started, became ready, and that a container exited, with its code.",
  ),
  "extensions-terminate": must(
    "Terminate ends whatever runs, without a checkpoint; the worker is available then. It is idempotent.",
  ),
  "extensions-exec": must(
    "Exec starts a process in a running container and carries its stdin, stdout and stderr apart, and its exit code; a signal that is sent reaches it; with `tty` it has a terminal.",
  ),
  "extensions-stats": must(
    "Stats tells what the running workload uses; it is refused on an available worker.",
  ),
  "extensions-freeze": must("A frozen workload does nothing until Thaw, and then goes on as it was."),
  "extensions-snapshot": must(
    "After Snapshot the workload goes on, and what was reported restores elsewhere.",
  ),
});
