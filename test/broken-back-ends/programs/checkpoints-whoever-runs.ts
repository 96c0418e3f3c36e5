// Checkpoints whoever runs under the name that the request gives: one actor's data becomes another's.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class CheckpointsWhoeverRuns extends PlainBackEnd {
  protected override refuseIfNotExecuting(): void {}
}

await serve(CheckpointsWhoeverRuns);
