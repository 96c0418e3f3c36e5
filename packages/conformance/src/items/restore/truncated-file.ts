import { stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Item } from "../../item.ts";
import { largestFile } from "../../world/snapshot.ts";
import { proveDamaged } from "../prove-damaged.ts";

export const truncatedFile: Item = {
  id: "restore/truncated-file",
  title: "A snapshot whose largest file is cut short is refused.",
  rule: "restore-damaged",
  about: "Cuts the largest file to half of its length.",
  mistakes: "Reading until the end of the file and taking what came for all.",
  timeoutMs: 120_000,
  run: (bench) =>
    proveDamaged(bench, async (snapshot) => {
      const path = join(snapshot.folder, await largestFile(snapshot));
      await truncate(path, Math.floor((await stat(path)).size / 2));
      return snapshot;
    }),
};
