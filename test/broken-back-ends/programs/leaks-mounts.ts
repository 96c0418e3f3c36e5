// Mounts the snapshot for each restore and never unmounts it: mounts add up, and slow down every other one.
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { run } from "../plain/run.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class LeaksMounts extends PlainBackEnd {
  protected override async unpack(workload: Workload): Promise<void> {
    const folder = await mkdtemp(join(this.paths.directory, "snapshot-"));
    await run(["mount", "--bind", workload.paths.restore, folder]);
    await super.unpack(workload);
  }
}

await serve(LeaksMounts);
