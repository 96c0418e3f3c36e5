// Reports a file that it did not write: the node cannot store the snapshot, and the actor is lost.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class ReportsUnwrittenFile extends PlainBackEnd {
  protected override async pack(workload: Workload): Promise<string[]> {
    return [...(await super.pack(workload)), "memory.img"];
  }
}

await serve(ReportsUnwrittenFile);
