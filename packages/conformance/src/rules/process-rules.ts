import { may, must, ruleGroup, untested } from "./rule.ts";

export const processRules = ruleGroup("The process", {
  "process-socket": must(
    "The back end serves `ateom.Ateom` by gRPC on the unix socket `BASE/ateoms/<uid>/ateom.sock` of each worker that `--pod-uid=<uid>` names. BASE is `ATE_BASE_PATH`, else `/var/lib/ateom-gvisor`.",
  ),
  "process-directory": must("It makes the socket's directory itself, for its own user only (mode 0700)."),
  "process-stale-socket": must("It replaces a socket that a dead predecessor of the same uid left."),
  "process-available": must(
    "A worker is available as soon as its socket answers, whatever a predecessor was doing.",
  ),
  "process-unknown-service": must(
    "A call of a service that it does not offer is answered with UNIMPLEMENTED, at once.",
  ),
  "process-stop": must(
    "SIGTERM ends the back end within 20 s, its workloads with it, and leaves no process, mount, network namespace or socket.",
  ),
  "process-several-workers": may(
    "One process may serve several workers, one socket each; its SandboxConfig says so (`workersPerProcess`), and it then enters the namespaces `worker:<uid>` by name.",
  ),
  "process-no-credentials": untested(
    must("It holds no credentials of snapshot storage and neither reads nor writes there."),
    "the suite offers no storage",
  ),
  "process-no-leak": must(
    "Wakes and checkpoints leave nothing that adds up: processes, mounts, network namespaces, packet filter rules, files, descriptors.",
  ),
});
