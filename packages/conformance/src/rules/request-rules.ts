import { must, ruleGroup, untested } from "./rule.ts";

export const requestRules = ruleGroup("Requests", {
  "request-names": must(
    "Namespace, actor id and container names are DNS labels, the template is a DNS subdomain, and `<ns>:<template>:<id>` has at most 255 bytes; anything else is refused with INVALID_ARGUMENT before a path is built from it.",
  ),
  "request-containers": must(
    "A workload has at least one container, each name once, and none named `pause`; else INVALID_ARGUMENT.",
  ),
  "request-readyz": must("The port of a readyz is 1 to 65535; else INVALID_ARGUMENT."),
  "request-mount-paths": must("Paths of durable directories are clean and absolute; else INVALID_ARGUMENT."),
  "request-hostile": must(
    "No bytes that arrive at the socket end the back end or change what a worker runs.",
  ),
  "operation-id": must(
    "Where `ate-operation-id` is honoured, a repeated id is answered with the recorded result and nothing is done twice. A back end with AteomExtensions honours it.",
  ),
  "operation-lost-reply": must("An operation whose caller goes away is finished, and its result recorded."),
  "operation-other-call": must("An id that was used for another call or actor is refused."),
  "operation-restart": must(
    "The result of a checkpoint is recorded beyond the end of the back end's process.",
  ),
  "operation-generation": must(
    "A call with an older `ate-generation` than the newest that its worker has seen of the same actor is refused with FAILED_PRECONDITION, whether the worker executes the actor or is available.",
  ),
  "operation-headers-optional": untested(
    must("A call without these headers is performed."),
    "almost every other item calls without them",
  ),
});
