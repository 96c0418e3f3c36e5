import { ConnectError } from "@connectrpc/connect";
import { expect } from "../expect.ts";
import type { Bench } from "../world/bench.ts";
import { placeSnapshot, type Snapshot } from "../world/snapshot.ts";
import { expectContinued, proveAvailable } from "./prove.ts";

/**
 * A snapshot that `damage` has spoiled is answered with an error, or restored rightly, in time. Then the
 * worker takes another actor, and what was not damaged restores.
 */
export async function proveDamaged(
  bench: Bench,
  damage: (copy: Snapshot) => Promise<Snapshot>,
): Promise<void> {
  const worker = await bench.worker();
  const actor = bench.actor({ isDurable: bench.declaration.scopes.includes("data") });
  await worker.run(actor);
  const before = await worker.probe.count();
  const snapshot = await worker.checkpoint();
  const damaged = await damage(await bench.copy(snapshot));
  await worker.prepare(actor);
  await placeSnapshot(damaged, actor);
  const startedAt = performance.now();
  const failure = await worker.callRestore(actor, damaged.scope).then(() => undefined, ConnectError.from);
  const tookMs = performance.now() - startedAt;
  expect(tookMs < 45_000, `the restore was answered only after ${Math.round(tookMs / 1000)} s`);
  if (failure) await proveAvailable(bench, worker);
  else expectContinued(await worker.probe.state(), before, damaged.scope);
  if (worker.executing) await worker.checkpoint();
  await worker.restore(actor, snapshot);
  expectContinued(await worker.probe.state(), before, snapshot.scope);
}
