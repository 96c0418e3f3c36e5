import type { ateom } from "@agent-substrate/contract";
import { Code } from "@connectrpc/connect";
import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { scopeOnWire } from "../../world/scope.ts";
import { proveUnharmed } from "../prove.ts";

export const scope: Item = {
  id: "checkpoint/scope",
  title: "An unspecified or undeclared scope is refused, and the actor runs on.",
  rule: "checkpoint-scope",
  about:
    "Sends scope 0, a number that no scope has, and a scope that the back end does not declare, if there is one.",
  mistakes: "Taking 0 for FULL, which loses what an older caller meant.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const before = await worker.probe.count();
    const undeclared = (["full", "data"] as const).filter((one) => !bench.declaration.scopes.includes(one));
    for (const wrong of [0, 99, ...undeclared.map(scopeOnWire)]) {
      const request = {
        ...actor.request,
        runtimeAssetPaths: bench.shared.assets,
        scope: wrong as ateom.SnapshotScope,
      };
      await expectRefusal(
        worker.ateom.checkpointWorkload(request, { timeoutMs: 50_000 }),
        `CheckpointWorkload with scope ${wrong}`,
        Code.InvalidArgument,
      );
    }
    await proveUnharmed(worker, actor, before);
  },
};
