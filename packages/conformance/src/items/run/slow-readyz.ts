import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { httpRequest } from "../../world/http.ts";

export const slowReadyz: Item = {
  id: "run/slow-readyz",
  title: "A start waits until the workload is ready.",
  rule: "run-ready",
  about: "The probe answers 503 for 1.5 s. Requests are sent to an actor as soon as the call returns.",
  mistakes: "Returning when the process is started, or after the first answer of any kind.",
  async run(bench) {
    const worker = await bench.worker();
    const env = { PROBE_READY_AFTER_MS: "1500", PROBE_EARLY_STATUS: "503" };
    await worker.run(bench.actor({ containers: [{ env }] }));
    const { status } = await httpRequest({ host: worker.address, path: "/readyz" });
    expectEqual(status, 200, "what the readyz answered when RunWorkload had returned");
  },
};
