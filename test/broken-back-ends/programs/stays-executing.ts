// Counts a worker whose start failed as executing: one bad actor, and the worker takes no other one.
import { Code, ConnectError } from "@connectrpc/connect";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class StaysExecuting extends PlainBackEnd {
  #isTaken = false;

  protected override async start(workload: Workload): Promise<void> {
    if (this.#isTaken) throw new ConnectError("the worker executes an actor", Code.FailedPrecondition);
    this.#isTaken = true;
    await super.start(workload);
  }

  protected override async end(): Promise<void> {
    if (this.executing) this.#isTaken = false;
    await super.end();
  }
}

await serve(StaysExecuting);
