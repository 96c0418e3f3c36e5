import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveAvailable } from "../prove.ts";

export const endedBeforeReady: Item = {
  id: "run/ended-before-ready",
  title: "A program that ends before it is ready fails its start.",
  rule: "run-failure-available",
  about:
    "The probe exits with code 3 at once. The start has to fail, at the latest after 30 s, and the worker to take the next actor.",
  mistakes: "Waiting for readiness of a process that is gone is allowed but slow; restarting it is not.",
  isLong: true,
  timeoutMs: 120_000,
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor({ containers: [{ env: { PROBE_EXIT_CODE: "3" } }] });
    await worker.prepare(actor);
    await expectRefusal(worker.callRun(actor), "the start of a program that exits at once");
    await proveAvailable(bench, worker);
  },
};
