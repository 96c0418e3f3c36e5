// Takes any answer of a readyz for ready, a 500 as well: an actor that cannot serve yet is given requests.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import type { Program } from "../plain/program.ts";
import { readyStatus, untilReady } from "../plain/readiness.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class TakesAnyAnswer extends PlainBackEnd {
  protected override awaitReady({ readyz }: Workload, program: Program): Promise<void> {
    return untilReady(async () => !readyz || (await readyStatus(readyz)) !== undefined, program);
  }
}

await serve(TakesAnyAnswer);
