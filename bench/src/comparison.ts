// Both sides of a benchmark are measured in the same rounds, so that what disturbs the machine
// disturbs both, and in changing order, so that neither has always the other's caches.
import type { Phase } from "@agent-substrate/contract";

/** One measurement: its wall time and where that went. The parts add up to it. */
export interface Measurement {
  readonly totalMs: number;
  readonly parts: readonly Phase[];
}

/** How the two sides did; the same number of measurements of each, round by round. */
export interface Comparison {
  readonly product: readonly Measurement[];
  readonly bare: readonly Measurement[];
  /** Measurements that began although the machine was busy with something else. */
  readonly disturbed: number;
}

/** What one round measures. Called once each, in either order. */
export interface Round {
  product(): Promise<Started>;
  bare(): Promise<Started>;
  /** After both, off the clock; also when one failed. */
  end(): Promise<void>;
}

export interface Started extends Measurement {
  /** Whether the machine was quiet when it began. */
  readonly wasQuiet: boolean;
}

/** The first rounds are not counted: code is not compiled yet, and files are not in memory. */
const warmUpRounds = 3;

/** Plays the rounds one after another. `progress` is told before each. */
export async function compare(
  rounds: number,
  begin: () => Promise<Round>,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<Comparison> {
  const product: Started[] = [];
  const bare: Started[] = [];
  for (let number = 1 - warmUpRounds; number <= rounds; number += 1) {
    signal.throwIfAborted();
    progress(number < 1 ? `warm-up ${number + warmUpRounds}/${warmUpRounds}` : `round ${number}/${rounds}`);
    const [ours, theirs] = await playRound(await begin(), number % 2 === 0);
    if (number < 1) continue;
    product.push(ours);
    bare.push(theirs);
  }
  const disturbed = [...product, ...bare].filter(({ wasQuiet }) => !wasQuiet).length;
  return { product, bare, disturbed };
}

async function playRound(round: Round, isProductFirst: boolean): Promise<[Started, Started]> {
  try {
    if (isProductFirst) return [await round.product(), await round.bare()];
    const bare = await round.bare();
    return [await round.product(), bare];
  } finally {
    await round.end();
  }
}
