// Reports paths where names are due: a node that takes them as they are writes outside of its folder.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class ReportsPaths extends PlainBackEnd {
  protected override async pack(workload: Workload): Promise<string[]> {
    return (await super.pack(workload)).map((name) => `checkpoint-state/${name}`);
  }
}

await serve(ReportsPaths);
