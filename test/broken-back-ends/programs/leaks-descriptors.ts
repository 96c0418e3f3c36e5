// Leaves a descriptor open at each restore: after some thousand wakes the worker cannot open a file.
import { openSync } from "node:fs";
import { join } from "node:path";
import { manifestName } from "../plain/packed-volumes.ts";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class LeaksDescriptors extends PlainBackEnd {
  protected override async unpack(workload: Workload): Promise<void> {
    openSync(join(workload.paths.restore, manifestName), "r");
    await super.unpack(workload);
  }
}

await serve(LeaksDescriptors);
