import { must, ruleGroup, untested } from "./rule.ts";

export const actorRules = ruleGroup("The world of an actor", {
  "actor-bundle": must(
    "A container is started as its OCI bundle at `actors/<ns>:<template>:<id>/bundles/<container>` says: arguments, environment, working directory, user, root file system, mounts, host name.",
  ),
  "actor-root-shared": must(
    "The root directory that a bundle names is the node supervisor's, and shared by all actors of the image: the back end never changes it.",
  ),
  "actor-identity": must(
    "The directory `identity/` is at `/run/ate`, read-only, and after a restore it is that of the actor that is restored.",
  ),
  "actor-network": must(
    "The network namespace `ateom:<uid>` has `eth0` with 169.254.17.2/30 and a default route by 169.254.17.1.",
  ),
  "actor-inbound": must("TCP port 80 of the worker's address leads to port 80 of the actor, for everybody."),
  "actor-inbound-node": must(
    "Every TCP port of the worker's address leads to the actor for the node's side of the worker's link.",
  ),
  "actor-outbound": must("What the actor sends outward comes from the worker's address."),
  "actor-refused": must(
    "The actor reaches neither the node's side of its link nor link-local addresses, such as those of metadata services.",
  ),
  "actor-other-workers": untested(
    must("The actor does not reach other workers."),
    "a back end does not know which addresses are workers'; the node supervisor refuses them at the worker's link",
  ),
  "actor-output": must(
    "Each line that an actor writes appears on the back end's stdout as one JSON object with `labels`: `ate.dev/actor_id`, `ate.dev/actor_template_name`, `ate.dev/actor_template_namespace`, `ate.dev/container_name`. They win over labels of the line's own.",
  ),
  "actor-output-text": must(
    "A line that is no JSON object becomes its `message`; `time` is added where it is absent.",
  ),
  "actor-output-whole": must("Lines never interleave, whoever writes at the same time."),
  "actor-several-containers": must(
    "Containers of one workload share the network and nothing else but durable directories that both mount. With several, a `pause` bundle holds the sandbox.",
  ),
});
