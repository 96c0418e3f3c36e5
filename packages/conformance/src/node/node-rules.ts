import { may, must, type RuleGroup, ruleGroup, untested } from "../rules/rule.ts";

const requests = ruleGroup("Requests", {
  "herder-names": must(
    "Worker uid, namespace and actor id are DNS labels, the template is a DNS subdomain; anything else is refused with INVALID_ARGUMENT before a path is built from it.",
  ),
  "herder-workload": must(
    "A workload has at least one container, each name once and none named `pause`; else INVALID_ARGUMENT.",
  ),
  "herder-place": must(
    "Scope 0, type 0, a configuration that does not fit the type, an empty local prefix or one that is no plain name, and an external prefix that is more than scheme, bucket and path are refused with INVALID_ARGUMENT, whatever the worker does.",
  ),
  "herder-assets": must(
    "A Run without assets for the node's architecture, or with a sha256 that is none, is refused with INVALID_ARGUMENT.",
  ),
  "herder-unknown-worker": must("A call for a worker that the node does not have is refused."),
});

const lifecycle = ruleGroup("Life of a workload", {
  "herder-ready": must(
    "Run and Restore return when the actor is ready, and port 80 of its worker then leads to it.",
  ),
  "herder-executing": must(
    "A worker executes one actor: a second start is refused with FAILED_PRECONDITION, a checkpoint of another actor is refused, and the running one is unharmed.",
  ),
  "herder-failed-start": must("A start that fails leaves its worker blank and available."),
  "herder-missing": must(
    "A Restore of a snapshot that is not there is refused on a blank worker with another code than FAILED_PRECONDITION, such as NOT_FOUND: a control plane tells by it a blank worker from one that executes.",
  ),
  "herder-blank": must(
    "A checkpoint leaves its worker blank and available; of a worker that executes nothing it is refused.",
  ),
  "herder-local": must("A LOCAL snapshot is restored from the node, any number of times."),
});

const storage = ruleGroup("Stored snapshots", {
  "stored-form": must(
    "An EXTERNAL snapshot is `<prefix>/<file>.zstd` for each file of `snapshotFiles`, and `<prefix>/manifest.json`, written last: JSON with `sandboxClass`, `assets` (name to url and sha256) and `snapshotFiles`. Other keys may stand beside them.",
  ),
  "stored-elsewhere": must(
    "It is restored on any worker of its class: it describes itself, and restore requests carry no assets.",
  ),
  "stored-by-others": must(
    "What another node supervisor stored is restored: a manifest of these three keys alone, and objects in either form: plain zstd, or `ATESPRSE`, u32le 2, and one zstd stream of i64le total size and of i64le offset, i64le length and bytes an extent, closed by i64le -1.",
  ),
  "stored-whole": must(
    "A snapshot without its manifest is none, and one that lacks a file or holds a broken one is an error, never a fresh start.",
  ),
  "stored-scheme": untested(
    may("The scheme of the prefix chooses the storage; one that the node does not know is refused."),
    "the suite reads and writes folders",
  ),
});

const beside = ruleGroup("substrate.v1.Node, where it is offered", {
  "node-offered": may(
    "A node supervisor that answers it with UNIMPLEMENTED is used with the three base calls alone.",
  ),
  "node-operation-id": must(
    "A repeated `ate-operation-id` is answered with the recorded result, and nothing is done twice.",
  ),
  "node-generation": must(
    "A call with an older `ate-generation` than the running assignment's is refused with FAILED_PRECONDITION.",
  ),
  "node-end-workload": must(
    "EndWorkload leaves the worker available, is idempotent, and is refused with FAILED_PRECONDITION for another generation than the one that runs.",
  ),
  "node-snapshots": must(
    "UploadSnapshot stores a local snapshot and leaves it; DeleteSnapshot removes either, and what is not there with success.",
  ),
});

export type NodeRuleAnchor =
  | keyof typeof requests.rules
  | keyof typeof lifecycle.rules
  | keyof typeof storage.rules
  | keyof typeof beside.rules;

/** In the order of the document. */
export const nodeRuleGroups: readonly RuleGroup[] = [requests, lifecycle, storage, beside];

export const nodeRules = { ...requests.rules, ...lifecycle.rules, ...storage.rules, ...beside.rules };
