import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { expectContinued } from "../prove.ts";

export const data: Item = {
  id: "restore/data",
  title: "With scope DATA the durable directory goes on, and the program starts anew.",
  rule: "restore-data",
  about:
    "Writes to the durable directory and beside it, checkpoints with DATA and restores. Templates choose DATA for programs that keep all in files.",
  mistakes:
    "Keeping memory because it is there; losing empty directories, links or modes of the durable directory.",
  needs: ["data"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor({ isDurable: true });
    await worker.run(actor);
    const before = await worker.probe.count();
    await worker.probe.ask("POST /write", { query: { path: "/durable/kept" }, body: "kept" });
    await worker.restore(actor, await worker.checkpoint({ scope: "data" }));
    expectContinued(await worker.probe.state(), before, "data");
    const { text } = await worker.probe.ask("GET /read", { query: { path: "/durable/kept" } });
    expectEqual(text, "kept", "/durable/kept");
  },
};
