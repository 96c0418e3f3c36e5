// Ends the actor that runs when another one comes: two owners of a worker, and the first actor is lost.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class AcceptsSecondActor extends PlainBackEnd {
  protected override refuseIfExecuting(): void {}

  protected override async start(workload: Workload): Promise<void> {
    await this.end();
    await super.start(workload);
  }
}

await serve(AcceptsSecondActor);
