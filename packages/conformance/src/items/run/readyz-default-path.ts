import { expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";

interface Facts {
  readonly readyRequests: readonly { readonly host: string; readonly path: string }[];
}

export const readyzDefaultPath: Item = {
  id: "run/readyz-default-path",
  title: "An empty readyz path means /readyz, asked with the actor's own address as host.",
  rule: "run-ready-path",
  about:
    "Reads from the probe how it was asked. A restored program sees the same host on every worker, so servers that look at it keep working.",
  mistakes: "Asking for /, or with the address that leads to the actor as host.",
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const { readyRequests } = await worker.probe.ask<Facts>("GET /facts");
    const last = readyRequests.at(-1);
    // HTTP's own port may be left out.
    const host = last?.host.replace(/:80$/, "");
    expectEqual(
      { host, path: last?.path },
      { host: "169.254.17.2", path: "/readyz" },
      "the last readiness request",
    );
  },
};
