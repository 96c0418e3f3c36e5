import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveAvailable } from "../prove.ts";

export const nothing: Item = {
  id: "restore/nothing",
  title: "A restore from an empty directory is refused.",
  rule: "restore-damaged",
  about: "Asks for a restore where `restore-state/` is empty.",
  mistakes: "Starting the actor anew, because nothing to restore looks like a new actor.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.prepare(actor);
    await expectRefusal(worker.callRestore(actor), "a restore from an empty directory");
    await proveAvailable(bench, worker);
  },
};
