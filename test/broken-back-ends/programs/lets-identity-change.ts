// Mounts the identity so that the actor can write to it: it can pass itself off as any other.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import type { ProgramWorld } from "../plain/program.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class LetsIdentityChange extends PlainBackEnd {
  protected override world(workload: Workload): ProgramWorld {
    return { ...super.world(workload), readOnly: [] };
  }
}

await serve(LetsIdentityChange);
