import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { httpRequest } from "../../world/http.ts";
import { sidePort, twoContainers } from "../two-containers.ts";

export const allReady: Item = {
  id: "containers/all-ready",
  title: "A start waits for every container that has a readyz.",
  rule: "run-ready",
  about: "The first container is ready at once, the second one after 1.5 s.",
  mistakes: "Asking the first container only.",
  needs: ["several-containers"],
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(twoContainers(bench, { slowSideMs: 1500 }));
    const { status } = await httpRequest({ host: worker.address, port: sidePort, path: "/readyz" });
    expectEqual(status, 200, "what the second readyz answered when RunWorkload had returned");
  },
};
