import { Code, ConnectError } from "@connectrpc/connect";
import type { Item } from "../item.ts";
import { items } from "../items/index.ts";
import { rules } from "../rules/index.ts";
import { NotRun, Violation } from "../violation.ts";
import { type Bench, createBench } from "../world/bench.ts";
import { createRandom } from "../world/random.ts";
import type { World } from "../world/world.ts";
import type { ItemResult, Outcome } from "./result.ts";

const itemTimeoutMs = 60_000;
const logLinesShown = 12;

/** The items whose ids begin with one of the prefixes; all, where there is none. */
export function selectItems(prefixes: readonly string[]): readonly Item[] {
  if (prefixes.length === 0) return items;
  return items.filter(({ id }) => prefixes.some((prefix) => id.startsWith(prefix)));
}

/** Runs items and tells each result when it is there. Rejects when `signal` aborts. */
export async function runItems(
  world: World,
  selected: readonly Item[],
  onResult: (result: ItemResult) => void,
  signal: AbortSignal,
): Promise<readonly ItemResult[]> {
  const results: ItemResult[] = [];
  const runLane = async (lane: readonly Item[]) => {
    for (const item of lane) {
      signal.throwIfAborted();
      const result = await runItem(world, item, signal);
      results.push(result);
      onResult(result);
    }
  };
  // One worker, and nobody else may use it at the same time.
  if (world.settings.backEnd.kind === "socket") await runLane(selected);
  else await Promise.all(Object.values(Object.groupBy(selected, laneOf)).map((lane) => runLane(lane ?? [])));
  const order = new Map(items.map(({ id }, index) => [id, index]));
  return results.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}

/** Items that take long have a lane for each of their groups, beside one for all others. */
function laneOf({ id, isLong = false }: Item): string {
  return isLong ? id.slice(0, id.indexOf("/")) : "";
}

async function runItem(world: World, item: Item, signal: AbortSignal): Promise<ItemResult> {
  const startedAt = performance.now();
  const outcome = await outcomeOf(world, item, signal);
  const { id, title, rule } = item;
  return { id, title, rule, outcome, durationMs: Math.round(performance.now() - startedAt) };
}

async function outcomeOf(world: World, item: Item, signal: AbortSignal): Promise<Outcome> {
  const { met } = world.declaration;
  const missing = (item.needs ?? []).filter((need) => !met.has(need));
  if (missing.includes("command") || missing.includes("two-workers")) {
    return { kind: "not-run", reason: "it starts back ends of its own: give -- COMMAND instead of --socket" };
  }
  if (missing.length > 0) return { kind: "not-declared", missing };
  const timeoutMs = item.timeoutMs ?? itemTimeoutMs;
  const late = AbortSignal.timeout(timeoutMs);
  const { bench, ...release } = createBench(
    world,
    AbortSignal.any([signal, late]),
    createRandom(world.settings.seed ^ hashOf(item.id)),
  );
  let outcome: Outcome = { kind: "passed" };
  const faults: string[] = [];
  const fail = (fault: string) => {
    faults.push(fault);
    for (const worker of bench.workers) worker.taint();
    outcome = { kind: "failed", rule: rules[item.rule].text, seen: faults.join("\n"), log: logOf(bench) };
  };
  try {
    await Promise.race([item.run(bench), rejectWhenAborted(bench.signal)]);
  } catch (failure) {
    if (failure instanceof NotRun) outcome = { kind: "not-run", reason: failure.message };
    else fail(late.aborted ? `it was not over after ${timeoutMs / 1000} s` : describe(failure));
  }
  try {
    await release[Symbol.asyncDispose]();
  } catch (failure) {
    // The other items' results are worth more than what was not released.
    fail(`after the item: ${describe(failure)}`);
  }
  signal.throwIfAborted();
  return outcome;
}

function describe(failure: unknown): string {
  if (failure instanceof Violation) return failure.message;
  if (failure instanceof ConnectError)
    return `a call failed with ${Code[failure.code]}: ${failure.rawMessage}`;
  return failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
}

function logOf({ workers }: Bench): string[] {
  const processes = new Set(workers.map((worker) => worker.process));
  return [...processes].flatMap((process) => process?.log.slice(-logLinesShown) ?? []).slice(-logLinesShown);
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function hashOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
  return hash;
}
