import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "../world/bench.ts";
import { placeSnapshot } from "../world/snapshot.ts";
import type { Worker } from "../world/worker.ts";
import { expectContinued, proveAvailable } from "./prove.ts";

/** The calls during which a back end is killed. */
export type KilledCall = "run" | "checkpoint" | "restore";

/** So many points of time: 5 for the usual 200 cycles, at most 20. */
function killPoints(cycles: number): number {
  return Math.min(20, Math.max(1, Math.ceil(cycles / 40)));
}

/**
 * Kills the back end at random moments of a call, the first of which is at its very beginning. Each time
 * the next one of the same uid takes an actor, and a snapshot of before restores there.
 */
export async function proveKilledDuring(bench: Bench, call: KilledCall): Promise<void> {
  let worker = await bench.ownWorker();
  const actor = bench.actor();
  await worker.run(actor);
  const before = await worker.probe.count();
  const snapshot = await worker.checkpoint();
  const killed = bench.actor();
  const makeReady = async (on: Worker) => {
    await on.prepare(killed);
    if (call === "restore") await placeSnapshot(snapshot, killed);
    if (call === "checkpoint") await on.callRun(killed);
  };
  const perform = (on: Worker): Promise<unknown> => {
    if (call === "run") return on.callRun(killed);
    return call === "restore" ? on.callRestore(killed, snapshot.scope) : on.callCheckpoint(killed);
  };

  await makeReady(worker);
  const startedAt = performance.now();
  await perform(worker);
  const usualMs = performance.now() - startedAt;
  if (worker.executing) await worker.checkpoint();

  for (let point = 0; point < killPoints(bench.settings.cycles); point++) {
    await makeReady(worker);
    const answered = perform(worker).catch(() => undefined);
    await delay(point === 0 ? 0 : bench.random.next() * usualMs, undefined, { signal: bench.signal });
    await worker.process.kill();
    await answered;
    worker = await bench.restart(worker);
    await proveAvailable(bench, worker);
    await worker.checkpoint();
    await worker.restore(actor, snapshot);
    expectContinued(await worker.probe.state(), before, snapshot.scope);
    await worker.checkpoint();
  }
}
