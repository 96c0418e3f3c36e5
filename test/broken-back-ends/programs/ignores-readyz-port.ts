// Asks for readiness at port 80 whatever port the readyz names: a workload with another one is never ready.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import type { Program } from "../plain/program.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class IgnoresReadyzPort extends PlainBackEnd {
  protected override awaitReady(workload: Workload, program: Program): Promise<void> {
    const { readyz } = workload;
    return super.awaitReady({ ...workload, readyz: readyz && { ...readyz, port: 80 } }, program);
  }
}

await serve(IgnoresReadyzPort);
