import { NotRun } from "../violation.ts";
import type { Bench } from "../world/bench.ts";

/** Names of the assets that the back end needs: by its own word, else those that it was given. */
export function requiredAssets(bench: Bench): readonly string[] {
  const declared = bench.declaration.description?.requiredAssets;
  const names = declared ?? Object.keys(bench.shared.assets);
  if (names.length === 0) throw new NotRun("the back end declares no required asset");
  return names;
}
