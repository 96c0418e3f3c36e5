import type { Item } from "../../item.ts";

export const staleSocket: Item = {
  id: "start/stale-socket",
  title: "A dead predecessor's socket is replaced.",
  rule: "process-stale-socket",
  about:
    "Kills the back end, so that its socket stays behind, and starts another of the same uid, which has to answer there. Nodes restart back ends that crashed.",
  mistakes: "Taking `EADDRINUSE` at its word, or waiting for the other side to remove the file.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.ownWorker();
    await worker.process.kill();
    const next = await bench.restart(worker);
    await next.run(bench.actor());
  },
};
