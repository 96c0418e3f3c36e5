import { may, must, ruleGroup } from "./rule.ts";

export const lifecycleRules = ruleGroup("Run, and the states of a worker", {
  "run-ready": must(
    "RunWorkload and RestoreWorkload return only when every container with a readyz has answered 200, all asked in parallel.",
  ),
  "run-ready-only-200": must("Only the status 200 counts as ready; a redirect is not followed."),
  "run-ready-deadline": must(
    "A workload that is not ready within 30 s fails the call and is ended; the worker is available then.",
  ),
  "run-ready-path": must(
    "The path of a readyz is `/readyz` where it is empty, gets a leading `/` where it lacks one, and is asked with `Host: 169.254.17.2:<port>` (the port 80 may be left out).",
  ),
  "run-fails-early": may("A workload that ends before it is ready may fail the call at once."),
  "run-one-actor": must(
    "An executing worker refuses RunWorkload and RestoreWorkload with FAILED_PRECONDITION, and its workload is not touched.",
  ),
  "run-failure-available": must(
    "A RunWorkload or RestoreWorkload that failed leaves nothing of the workload and the worker available for the next.",
  ),
  "run-one-at-a-time": must(
    "Calls that meet are performed one after the other; what is impossible in the state that the first one left is refused, and state is never mixed.",
  ),
  "run-required-assets": must(
    "A call without an asset that the back end needs, or with a path where there is none, fails with an error that names the asset.",
  ),
  "crash-available": must(
    "A back end that is started again after it was killed, at whatever moment, has an available and blank worker.",
  ),
  "crash-snapshots": must(
    "A snapshot that was reported stays valid whatever happens to the back end after that.",
  ),
});
