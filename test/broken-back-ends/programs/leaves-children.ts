// Ends the program and not what the program started: children of every actor pile up on the node.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import type { ProgramWorld } from "../plain/program.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class LeavesChildren extends PlainBackEnd {
  protected override world(workload: Workload): ProgramWorld {
    return { ...super.world(workload), namespaces: ["--mount", "--uts", "--fork"] };
  }
}

await serve(LeavesChildren);
