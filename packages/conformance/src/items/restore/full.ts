import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { expectContinued } from "../prove.ts";

const ballastBytes = 8 * 1024 * 1024;

export const full: Item = {
  id: "restore/full",
  title: "Memory, files and the durable directory go on, byte by byte.",
  rule: "restore-full",
  about:
    "Fills 8 MiB of memory with noise, writes to the root file system and to the durable directory, and compares after the restore.",
  mistakes:
    "A root file system's changes that are dropped, or a durable directory that is not part of the snapshot.",
  needs: ["full"],
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor({ isDurable: true });
    await worker.run(actor);
    const before = await worker.probe.count();
    const noise = await worker.probe.ask("POST /ballast", { query: { bytes: ballastBytes } });
    const files = ["/tmp/kept", "/durable/kept"];
    for (const path of files) await worker.probe.ask("POST /write", { query: { path }, body: "kept" });
    await worker.restore(actor, await worker.checkpoint({ scope: "full" }));
    expectContinued(await worker.probe.state(), before, "full");
    expectEqual(await worker.probe.ask("GET /ballast"), noise, "the hash of 8 MiB of memory");
    for (const path of files) {
      const { text } = await worker.probe.ask("GET /read", { query: { path } });
      expect(text === "kept", `${path} holds ${JSON.stringify(text)}`);
    }
  },
};
