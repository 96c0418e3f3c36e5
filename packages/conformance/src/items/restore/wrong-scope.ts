import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { placeSnapshot } from "../../world/snapshot.ts";
import { proveAvailable } from "../prove.ts";

export const wrongScope: Item = {
  id: "restore/wrong-scope",
  title: "A snapshot is not restored with another scope than its own.",
  rule: "restore-scope",
  about:
    "Takes a DATA snapshot and asks for a FULL restore. The memory is not there, and a fresh start is not what was asked for.",
  mistakes: "Doing what is possible with the files that are there.",
  needs: ["full", "data"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor({ isDurable: true });
    await worker.run(actor);
    const snapshot = await worker.checkpoint({ scope: "data" });
    await worker.prepare(actor);
    await placeSnapshot(snapshot, actor);
    await expectRefusal(worker.callRestore(actor, "full"), "a FULL restore of a DATA snapshot");
    await proveAvailable(bench, worker);
  },
};
