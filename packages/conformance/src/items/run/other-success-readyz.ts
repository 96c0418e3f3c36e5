import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { httpRequest } from "../../world/http.ts";

export const otherSuccessReadyz: Item = {
  id: "run/other-success-readyz",
  title: "Another status of success than 200 is not ready.",
  rule: "run-ready-only-200",
  about: "The probe answers 204 for 1.5 s.",
  mistakes: "Asking whether the status is below 300.",
  async run(bench) {
    const worker = await bench.worker();
    const env = { PROBE_READY_AFTER_MS: "1500", PROBE_EARLY_STATUS: "204" };
    await worker.run(bench.actor({ containers: [{ env }] }));
    const { status } = await httpRequest({ host: worker.address, path: "/readyz" });
    expectEqual(status, 200, "what the readyz answered when RunWorkload had returned");
  },
};
