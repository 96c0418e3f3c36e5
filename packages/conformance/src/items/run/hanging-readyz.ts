import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { httpRequest } from "../../world/http.ts";

export const hangingReadyz: Item = {
  id: "run/hanging-readyz",
  title: "A try that is not answered is given up and made again.",
  rule: "run-ready",
  about: "For 1.5 s the probe takes the connection and is silent, as a program does that is busy loading.",
  mistakes: "One try without a time limit of its own, which waits for the whole 30 s.",
  async run(bench) {
    const worker = await bench.worker();
    const env = { PROBE_READY_AFTER_MS: "1500", PROBE_EARLY_STATUS: "hang" };
    await worker.run(bench.actor({ containers: [{ env }] }));
    const { status } = await httpRequest({ host: worker.address, path: "/readyz" });
    expectEqual(status, 200, "what the readyz answered when RunWorkload had returned");
  },
};
