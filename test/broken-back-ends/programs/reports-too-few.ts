// Reports the manifest and not what it lists: the restore, on a node that has only what was reported, fails.
import { manifestName } from "../plain/packed-volumes.ts";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class ReportsTooFew extends PlainBackEnd {
  protected override async pack(workload: Workload): Promise<string[]> {
    await super.pack(workload);
    return [manifestName];
  }
}

await serve(ReportsTooFew);
