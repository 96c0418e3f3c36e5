import { expect } from "../../expect.ts";
import type { Item } from "../../item.ts";

export const rootFiles: Item = {
  id: "run/root-files",
  title: "The root of the actor is its bundle's root file system.",
  rule: "actor-bundle",
  about: "Lists `/`, reads `/etc/resolv.conf` as the bundle mounts it, and writes a file to `/tmp`.",
  mistakes:
    "Mounts of the bundle that are left out, or a root that is read-only where the bundle says otherwise.",
  async run(bench) {
    const worker = await bench.worker();
    await worker.run(bench.actor());
    const facts = await worker.probe.ask<{ root: string[]; resolvConf: string }>("GET /facts");
    expect(facts.root.includes("probe.mjs"), `the root of the actor holds ${facts.root.join(", ")}`);
    expect(
      facts.resolvConf?.includes("169.254.17.1"),
      `/etc/resolv.conf is ${JSON.stringify(facts.resolvConf)}`,
    );
    const { error } = await worker.probe.ask("POST /write", { query: { path: "/tmp/file" }, body: "text" });
    expect(!error, `the actor cannot write to /tmp: ${error}`);
  },
};
