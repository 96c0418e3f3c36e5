import { join } from "node:path";
import { expectSuccess } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { scopeOnWire } from "../../world/scope.ts";
import { takeSnapshot } from "../../world/snapshot.ts";
import { expectContinued, proveUnharmed } from "../prove.ts";

export const snapshot: Item = {
  id: "extensions/snapshot",
  title: "After Snapshot the actor goes on, and the snapshot restores elsewhere.",
  rule: "extensions-snapshot",
  about:
    "Takes a snapshot of a running actor, counts on, and restores the snapshot as another actor on another worker, which has the count of before.",
  mistakes: "Files of different moments; a workload that stays paused when writing fails.",
  needs: ["snapshot", "two-workers"],
  async run(bench) {
    const [one, two] = [await bench.worker(), await bench.worker()];
    const [actor, fork] = [bench.actor(), bench.actor()];
    await one.run(actor);
    const before = await one.probe.count();
    const request = {
      ...actor.request,
      runtimeAssetPaths: bench.shared.assets,
      scope: scopeOnWire(bench.scope),
    };
    const call = one.extensions.snapshot(request, { timeoutMs: 50_000 });
    const { snapshotFiles } = await expectSuccess(call, "Snapshot");
    await proveUnharmed(one, actor, before);
    const folder = join(bench.shared.snapshotsFolder, `${actor.key.actorId}-snapshot`);
    const taken = await takeSnapshot(actor, bench.scope, snapshotFiles, folder);
    await one.probe.count();
    await two.restore(fork, taken);
    expectContinued(await two.probe.state(), before, bench.scope);
  },
};
