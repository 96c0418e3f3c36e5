import { Code } from "@connectrpc/connect";
import { expect, expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const stats: Item = {
  id: "extensions/stats",
  title: "Stats tells what a running workload uses.",
  rule: "extensions-stats",
  about:
    "Asks where nothing runs, which is refused, and twice while an actor answers requests: something must be there, and nothing negative or, of what is counted, less than before.",
  mistakes: "The use of the back end's own process.",
  needs: ["stats"],
  async run(bench) {
    const worker = await bench.worker();
    const ask = () => worker.extensions.stats({}, { timeoutMs: 10_000 });
    await expectRefusal(ask(), "Stats of an available worker", Code.FailedPrecondition);
    await worker.run(bench.actor());
    const before = await ask();
    for (let request = 0; request < 20; request++) await worker.probe.count();
    const after = await ask();
    expect(after.memoryBytes >= 0n, `memory_bytes is ${after.memoryBytes}`);
    const counters = ["cpuUsageUs", "networkReceiveBytes", "networkTransmitBytes"] as const;
    for (const name of counters) {
      expect(after[name] >= before[name], `${name} was ${before[name]} and is ${after[name]} now`);
    }
    const isEmpty = after.memoryBytes === 0n && counters.every((name) => after[name] === 0n);
    expect(!isEmpty, "Stats is declared, and tells nothing");
  },
};
