import { rm } from "node:fs/promises";
import { expectRefusal } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { proveAvailable } from "../prove.ts";

export const noBundle: Item = {
  id: "run/no-bundle",
  title: "A workload without its bundle is refused.",
  rule: "run-failure-available",
  about: "The bundle's config.json is missing. The start has to fail; then another actor is run.",
  mistakes: "A program that ends on an exception which nobody caught.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.prepare(actor);
    await rm(actor.paths.bundle("app"), { recursive: true });
    await expectRefusal(worker.callRun(actor), "the start of a workload without a bundle");
    await proveAvailable(bench, worker);
  },
};
