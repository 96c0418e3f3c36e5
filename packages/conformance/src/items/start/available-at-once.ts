import type { Item } from "../../item.ts";

export const availableAtOnce: Item = {
  id: "start/available-at-once",
  title: "A worker takes an actor as soon as its socket answers.",
  rule: "process-available",
  about:
    "Starts a back end and runs an actor with the first call. A node offers a worker as soon as it answers.",
  mistakes: "Listening first and making the network or looking for the runtime after that.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.ownWorker();
    await worker.run(bench.actor());
    await worker.probe.state();
  },
};
