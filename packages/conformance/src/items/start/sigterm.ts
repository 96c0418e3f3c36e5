import { access } from "node:fs/promises";
import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { stopTimeoutMs } from "../../world/back-end-process.ts";

export const sigterm: Item = {
  id: "start/sigterm",
  title: "SIGTERM ends the back end and all that it made.",
  rule: "process-stop",
  about:
    "Sends SIGTERM while an actor runs, waits for the end of the process, and looks whether the socket and the network namespace are gone. Nodes stop back ends so when a pool shrinks.",
  mistakes:
    "No handler at all, which a program that is the first of its pid namespace needs; waiting for the workload, or for open calls, without end.",
  needs: ["command"],
  async run(bench) {
    const worker = await bench.ownWorker();
    await worker.run(bench.actor());
    const { paths, process } = worker;
    const code = await process.stop();
    expect(code !== "killed", `the back end still ran ${stopTimeoutMs / 1000} s after SIGTERM`);
    const left = await Promise.all(
      [paths.socket, paths.netnsPath].map((path) =>
        access(path).then(
          () => [path],
          () => [],
        ),
      ),
    );
    expect(left.flat().length === 0, `after SIGTERM there is still ${left.flat().join(" and ")}`);
  },
};
