import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

interface Facts {
  readonly readyRequests: readonly { readonly host: string; readonly path: string }[];
}

export const readyzPathAndPort: Item = {
  id: "run/readyz-path-and-port",
  title: "A readyz path without a slash gets one, and any port can be asked.",
  rule: "run-ready-path",
  about: "The readyz is `health/z` on port 8080, while port 80 answers 404 there.",
  mistakes:
    "Port 80 whatever the request says, because that is the one which leads to the actor from outside.",
  async run(bench) {
    const worker = await bench.worker();
    const env = { PROBE_PORTS: "8080,80", PROBE_READY_PATH: "/health/z" };
    await worker.run(bench.actor({ containers: [{ env, readyz: { path: "health/z", port: 8080 } }] }));
    const { readyRequests } = await worker.probe.ask<Facts>("GET /facts");
    const expected = { host: "169.254.17.2:8080", path: "/health/z" };
    expectEqual(readyRequests.at(-1), expected, "the last readiness request");
  },
};
