// Runs the suite within namespaces that `runConformance` has made: this process is the node. It is told
// its settings by IPC and tells what happens the same way.

import type { Settings } from "../world/settings.ts";
import { createWorld } from "../world/world.ts";
import type { BackEndFacts, RunEvent } from "./result.ts";
import { runItems, selectItems } from "./run-items.ts";

const ended = new AbortController();
process.on("SIGTERM", () => ended.abort(new Error("interrupted")));
// Whoever started the suite is gone.
process.on("disconnect", () => ended.abort(new Error("interrupted")));
process.once("message", (settings) => {
  run(settings as Settings)
    .catch((error: Error) =>
      tell({ kind: "broken", message: ended.signal.aborted ? "interrupted" : error.message }),
    )
    .finally(() => process.exit());
});

async function run(settings: Settings): Promise<void> {
  const startedAt = performance.now();
  await using world = await createWorld(settings);
  const { declaration } = world;
  const backEnd: BackEndFacts = {
    ...(declaration.description && { sandboxClass: declaration.description.sandboxClass }),
    scopes: declaration.scopes,
    declared: [...declaration.met].filter((need) => !["command", "two-workers", "assets"].includes(need)),
  };
  const selected = selectItems(settings.items);
  await tell({ kind: "began", backEnd, items: selected.length, folder: settings.folder });
  const results = await runItems(
    world,
    selected,
    (result) => void tell({ kind: "result", result }),
    ended.signal,
  );
  const durationMs = Math.round(performance.now() - startedAt);
  await tell({
    kind: "ended",
    report: { backEnd, seed: settings.seed, cycles: settings.cycles, durationMs, results },
  });
}

function tell(event: RunEvent): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(event, () => resolve());
    else resolve();
  });
}
