import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { httpRequest } from "../../world/http.ts";

export const failingReadyz: Item = {
  id: "run/failing-readyz",
  title: "A readyz that answers 500 is not ready.",
  rule: "run-ready-only-200",
  about: "The probe answers 500 for 1.5 s, and 200 after that.",
  mistakes: "Taking every answer for readiness.",
  async run(bench) {
    const worker = await bench.worker();
    const env = { PROBE_READY_AFTER_MS: "1500", PROBE_EARLY_STATUS: "500" };
    await worker.run(bench.actor({ containers: [{ env }] }));
    const { status } = await httpRequest({ host: worker.address, path: "/readyz" });
    expectEqual(status, 200, "what the readyz answered when RunWorkload had returned");
  },
};
