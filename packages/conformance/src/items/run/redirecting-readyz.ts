import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { httpRequest } from "../../world/http.ts";

export const redirectingReadyz: Item = {
  id: "run/redirecting-readyz",
  title: "A redirect is not ready, and is not followed.",
  rule: "run-ready-only-200",
  about: "The probe redirects for 1.5 s to a path that answers 200.",
  mistakes: "An HTTP client that follows redirects unless it is told not to, as most do.",
  async run(bench) {
    const worker = await bench.worker();
    const env = { PROBE_READY_AFTER_MS: "1500", PROBE_EARLY_STATUS: "302" };
    await worker.run(bench.actor({ containers: [{ env }] }));
    const { status } = await httpRequest({ host: worker.address, path: "/readyz" });
    expectEqual(status, 200, "what the readyz answered when RunWorkload had returned");
  },
};
