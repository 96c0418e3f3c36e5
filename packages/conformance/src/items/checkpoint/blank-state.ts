import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveAvailable } from "../prove.ts";

export const blankState: Item = {
  id: "checkpoint/blank-state",
  title: "The next actor finds no memory and no file of the last one.",
  rule: "checkpoint-blank",
  about:
    "One actor counts and writes to /tmp and /var; after its checkpoint another is run on the same worker.",
  mistakes: "A root file system or a scratch directory that belongs to the worker and not to the actor.",
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    await worker.probe.count();
    const paths = ["/tmp/left", "/var/left", "/left"];
    for (const path of paths) await worker.probe.ask("POST /write", { query: { path }, body: "secret" });
    await worker.checkpoint();
    await proveAvailable(bench, worker);
    for (const path of paths) {
      const { text } = await worker.probe.ask("GET /read", { query: { path } });
      expectEqual(text, null, `${path} of the next actor`);
    }
  },
};
