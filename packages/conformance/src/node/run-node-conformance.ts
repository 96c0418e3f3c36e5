// Proves a node supervisor right by its calls. It starts nothing on this machine: the node and its workers
// are somebody else's, and the items run one after the other upon them.
import { Code, ConnectError } from "@connectrpc/connect";
import type { ItemResult, Outcome } from "../runner/result.ts";
import { NotRun, Violation } from "../violation.ts";
import { nodeItems } from "./items/index.ts";
import { NodeBench } from "./node-bench.ts";
import type { NodeItem, NodeNeed } from "./node-item.ts";
import { nodeRules } from "./node-rules.ts";
import type { NodeSettings } from "./node-settings.ts";

/** A node that hangs must not hang the suite. */
const itemTimeoutMs = 180_000;
const askTimeoutMs = 10_000;

export interface NodeReport {
  /** It answers substrate.v1.Node, too. */
  readonly offersNode: boolean;
  readonly durationMs: number;
  readonly results: readonly ItemResult[];
}

/** The items whose ids begin with one of the prefixes; all, where there is none. */
export function selectNodeItems(prefixes: readonly string[]): readonly NodeItem[] {
  if (prefixes.length === 0) return nodeItems;
  return nodeItems.filter(({ id }) => prefixes.some((prefix) => id.startsWith(prefix)));
}

/** Tells each result as it comes. Rejects where nobody answers at the address, and when `signal` aborts. */
export async function runNodeConformance(
  settings: NodeSettings,
  onResult: (result: ItemResult) => void,
  signal: AbortSignal,
): Promise<NodeReport> {
  const startedAt = performance.now();
  const offersNode = await asksForNode(settings, signal);
  const met = new Set<NodeNeed>();
  if (offersNode) met.add("node-service");
  if (settings.workers.length > 1) met.add("two-workers");
  const results: ItemResult[] = [];
  for (const item of selectNodeItems(settings.items)) {
    signal.throwIfAborted();
    const begun = performance.now();
    const outcome = await outcomeOf(settings, item, met, signal);
    const { id, title, rule } = item;
    const result = { id, title, rule, outcome, durationMs: Math.round(performance.now() - begun) };
    results.push(result);
    onResult(result);
  }
  return { offersNode, durationMs: Math.round(performance.now() - startedAt), results };
}

async function asksForNode(settings: NodeSettings, signal: AbortSignal): Promise<boolean> {
  await using bench = new NodeBench(settings, signal);
  try {
    await bench.node.listImages({}, { timeoutMs: askTimeoutMs, signal });
    return true;
  } catch (error) {
    const { code } = ConnectError.from(error);
    if (code === Code.Unavailable || code === Code.DeadlineExceeded) throw error;
    return code !== Code.Unimplemented;
  }
}

async function outcomeOf(
  settings: NodeSettings,
  item: NodeItem,
  met: ReadonlySet<NodeNeed>,
  signal: AbortSignal,
): Promise<Outcome> {
  const missing = (item.needs ?? []).filter((need) => !met.has(need));
  if (missing.includes("two-workers")) return { kind: "not-run", reason: "it needs a second --worker" };
  if (missing.length > 0) return { kind: "not-run", reason: "the node offers no substrate.v1.Node" };
  const late = AbortSignal.timeout(itemTimeoutMs);
  await using bench = new NodeBench(settings, AbortSignal.any([signal, late]));
  try {
    await item.run(bench);
    return { kind: "passed" };
  } catch (failure) {
    signal.throwIfAborted();
    if (failure instanceof NotRun) return { kind: "not-run", reason: failure.message };
    const seen = late.aborted ? `it was not over after ${itemTimeoutMs / 1000} s` : describe(failure);
    return { kind: "failed", rule: nodeRules[item.rule].text, seen, log: [] };
  }
}

function describe(failure: unknown): string {
  if (failure instanceof Violation) return failure.message;
  if (failure instanceof ConnectError)
    return `a call failed with ${Code[failure.code]}: ${failure.rawMessage}`;
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}
