// Restores from the folder that it wrote the checkpoint to: true on this node until the folder is emptied.
import { unpackVolumes } from "../plain/packed-volumes.ts";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class RestoresFromCheckpoint extends PlainBackEnd {
  protected override unpack(workload: Workload): Promise<void> {
    return unpackVolumes(workload, workload.paths.checkpoint);
  }
}

await serve(RestoresFromCheckpoint);
