import { validateFileName } from "@agent-substrate/contract";
import { expect, expectEqual } from "../../expect.ts";
import type { Item } from "../../item.ts";
import { Violation } from "../../violation.ts";

export const plainNames: Item = {
  id: "checkpoint/plain-names",
  title: "Reported names are plain: no separators, no `..`, each once.",
  rule: "checkpoint-names",
  about:
    "Looks at the names as they were reported. A node supervisor refuses a name that leads out of the directory, and the checkpoint is lost.",
  mistakes: "Absolute paths, or paths below the checkpoint directory with their folders.",
  async run(bench) {
    const worker = await bench.worker();
    const actor = bench.actor();
    await worker.run(actor);
    const names = await worker.callCheckpoint(actor);
    expect(names.length > 0, "no file was reported");
    expectEqual(new Set(names).size, names.length, "the number of different names");
    for (const name of names) {
      try {
        validateFileName("snapshot_files", name);
      } catch (error) {
        throw new Violation((error as Error).message);
      }
    }
  },
};
