import { expect, expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveAvailable } from "../prove.ts";

/** 30 s of the contract, and as much again of patience with a slow machine. */
const longestMs = 45_000;

export const neverReady: Item = {
  id: "run/never-ready",
  title: "A workload that never becomes ready fails its start after 30 s, and is ended.",
  rule: "run-ready-deadline",
  about:
    "The probe answers 503 for ever. The call has to fail by itself, and the worker to take another actor: nobody else could end the workload of a back end with the base contract alone.",
  mistakes: "Leaving the time limit to the caller, or failing the call and letting the workload run.",
  isLong: true,
  timeoutMs: 120_000,
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor({ containers: [{ env: { PROBE_READY_AFTER_MS: "1000000" } }] });
    await worker.prepare(actor);
    const startedAt = performance.now();
    await expectRefusal(
      worker.callRun(actor, { timeoutMs: 60_000 }),
      "the start of a workload that is never ready",
    );
    const tookMs = performance.now() - startedAt;
    expect(tookMs < longestMs, `the start failed only after ${Math.round(tookMs / 1000)} s`);
    await proveAvailable(bench, worker);
  },
};
