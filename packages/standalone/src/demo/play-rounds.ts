import type { Machine } from "../up/machine.ts";
import { askCounter, type CounterAnswer } from "./ask-counter.ts";
import { counters } from "./prepare-counters.ts";
import type { Wake } from "./wake-table.ts";
import { readWakeTiming } from "./wake-timing.ts";

export interface DemoRecord {
  readonly wakes: readonly Wake[];
  /** What was not as it had to be; empty when every answer was right. */
  readonly wrong: readonly string[];
}

/**
 * Asks every actor once a round, in an order that nobody planned. Nothing is suspended by hand: there are
 * more actors than workers, so each wake puts another one to sleep.
 */
export async function playRounds(
  machine: Machine,
  actors: readonly string[],
  rounds: number,
  progress: (wake: Wake) => void,
  signal: AbortSignal,
): Promise<DemoRecord> {
  const wakes: Wake[] = [];
  const wrong: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const actor of shuffled(actors)) {
      try {
        const { counter, serverTiming } = await askCounter(
          machine.routerAddress,
          actor,
          counters.atespace,
          signal,
        );
        wrong.push(...faultsOf(counter, actor, round));
        const worker = await workerOf(machine, actor, signal);
        const { memory, file } = counter;
        const wake: Wake = { round, actor, worker, memory, file, timing: readWakeTiming(serverTiming) };
        wakes.push(wake);
        progress(wake);
      } catch (error) {
        signal.throwIfAborted();
        wrong.push(`round ${round}: ${(error as Error).message}`);
      }
    }
  }
  if (!someMoved(wakes)) wrong.push("no actor was seen on two workers");
  return { wakes, wrong };
}

/** In round n an actor answers its own name and n, from memory and from its file. */
function faultsOf(answer: CounterAnswer, actor: string, round: number): string[] {
  const expected = { actorId: actor, memory: round, file: round };
  const names = Object.keys(expected) as (keyof CounterAnswer)[];
  return names
    .filter((name) => answer[name] !== expected[name])
    .map((name) => `round ${round}: ${actor} answered ${name} ${answer[name]} instead of ${expected[name]}`);
}

async function workerOf(machine: Machine, actor: string, signal: AbortSignal): Promise<string> {
  const actorRef = { atespace: counters.atespace, name: actor };
  const { actor: state } = await machine.client.control.getActor({ actorRef }, { signal });
  return state?.ateomPodName || "-";
}

function someMoved(wakes: readonly Wake[]): boolean {
  const workers = new Map<string, Set<string>>();
  for (const { actor, worker } of wakes) {
    workers.set(actor, (workers.get(actor) ?? new Set()).add(worker));
  }
  return [...workers.values()].some((seen) => seen.size > 1);
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
