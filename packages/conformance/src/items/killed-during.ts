import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "../world/bench.ts";
import { placeSnapshot } from "../world/snapshot.ts";
import type { Worker } from "../world/worker.ts";
import { expectContinued, proveAvailable } from "./prove.ts";

/** The calls during which a back end is killed. */
export type KilledCall = "run" | "checkpoint" | "restore";

/** For any number of kills: each call, start and end of a process has its own limit. */
export const killedDuringTimeoutMs = 3_600_000;

/**
 * Kills the back end at `kills` random moments of a call. Each time the next one of the same uid takes an
 * actor, and a snapshot of before restores there.
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

  for (let kill = 0; kill < bench.settings.kills; kill++) {
    await makeReady(worker);
    const answered = perform(worker).catch(() => undefined);
    await delay(bench.random.next() * usualMs, undefined, { signal: bench.signal });
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
