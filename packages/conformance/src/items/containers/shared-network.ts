import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { sidePort, twoContainers } from "../two-containers.ts";

export const sharedNetwork: Item = {
  id: "containers/shared-network",
  title: "Containers of one workload share the network.",
  rule: "actor-several-containers",
  about: "One container connects to the port of the other at 127.0.0.1 and asks it a question.",
  mistakes: "A network namespace for each container.",
  needs: ["several-containers"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(twoContainers(bench));
    await worker.probe.ask("POST /dial", { query: { id: "side", host: "127.0.0.1", port: sidePort } });
    const { text, outcome } = await worker.probe.ask("POST /send", {
      query: { id: "side" },
      body: "GET /state HTTP/1.0\r\n\r\n",
    });
    expect(
      String(text).includes('"side"'),
      `at 127.0.0.1:${sidePort} the other container answered ${text ?? outcome}`,
    );
  },
};
