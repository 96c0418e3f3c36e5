// Starts an actor afresh where there is nothing to restore: data that was lost on the way is lost silently.
import { readdir } from "node:fs/promises";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class StartsAfresh extends PlainBackEnd {
  protected override async unpack(workload: Workload): Promise<void> {
    const files = await readdir(workload.paths.restore);
    if (files.length > 0) await super.unpack(workload);
  }
}

await serve(StartsAfresh);
