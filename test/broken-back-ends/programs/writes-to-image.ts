// Runs the program on the image itself: what one actor writes is there for all others of the image.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import type { ProgramWorld } from "../plain/program.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class WritesToImage extends PlainBackEnd {
  protected override world(workload: Workload): ProgramWorld {
    return { ...super.world(workload), changes: "/" };
  }
}

await serve(WritesToImage);
