import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Item } from "../../item.ts";
import { largestFile } from "../../world/snapshot.ts";
import { proveDamaged } from "../prove-damaged.ts";

export const missingFile: Item = {
  id: "restore/missing-file",
  title: "A snapshot without its largest file is refused.",
  rule: "restore-damaged",
  about: "Leaves the largest file out of restore-state/. The worker has to take another actor after that.",
  mistakes:
    "Starting the actor anew where there is nothing to restore: its state is lost, and nobody is told.",
  timeoutMs: 120_000,
  run: (bench) =>
    proveDamaged(bench, async (snapshot) => {
      const missing = await largestFile(snapshot);
      await rm(join(snapshot.folder, missing));
      return { ...snapshot, names: snapshot.names.filter((name) => name !== missing) };
    }),
};
