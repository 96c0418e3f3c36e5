// The moment at which a measurement may begin. What a benchmark has to wait for is looked up where it
// can be seen; the rest (deletions, uploads, the log) shows only as processor time.
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const windowMs = 200;
/** Of all processors together. */
const quietShareMax = 0.08;
const settlePatienceMs = 60_000;
const quietPatienceMs = 5_000;

/**
 * Returns when `isSettled` says so and the processors idle; false where they went on being busy.
 * Throws where it does not settle.
 */
export async function quietMoment(
  what: string,
  isSettled: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<boolean> {
  const began = performance.now();
  let settledAt: number | undefined;
  for (;;) {
    const share = await busyShare(signal);
    const now = performance.now();
    if (await isSettled()) settledAt ??= now;
    else settledAt = undefined;
    if (settledAt === undefined) {
      if (now - began > settlePatienceMs) throw new Error(`${what}: not within ${settlePatienceMs / 1000} s`);
      continue;
    }
    if (share <= quietShareMax) return true;
    if (now - settledAt > quietPatienceMs) return false;
  }
}

/** Which share of all processors' time was used in the next window. */
async function busyShare(signal: AbortSignal): Promise<number> {
  const before = await readTicks();
  await delay(windowMs, undefined, { signal });
  const after = await readTicks();
  return (after.busy - before.busy) / Math.max(1, after.all - before.all);
}

async function readTicks(): Promise<{ busy: number; all: number }> {
  const [line = ""] = (await readFile("/proc/stat", "utf8")).split("\n", 1);
  // cpu user nice system idle iowait irq softirq steal
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, count) => sum + count, 0);
  return { all, busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0) };
}
