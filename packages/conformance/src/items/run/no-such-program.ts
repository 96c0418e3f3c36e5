import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveAvailable } from "../prove.ts";

export const noSuchProgram: Item = {
  id: "run/no-such-program",
  title: "A start that fails leaves the worker to the next actor.",
  rule: "run-failure-available",
  about: "The bundle names a program that its root file system does not have; then another actor is run.",
  mistakes: "Half of a sandbox, a mount or an address that stays and makes the next start fail, too.",
  isLong: true,
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor({ process: { command: ["/no/such/program"] } });
    await worker.prepare(actor);
    await expectRefusal(worker.callRun(actor), "the start of a program that is not there");
    await proveAvailable(bench, worker);
  },
};
