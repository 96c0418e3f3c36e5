// Ends on a request that it does not understand: one bad caller, and the actors of the process are gone.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload, WorkloadRequest } from "../plain/workload.ts";

class DiesOfRequests extends PlainBackEnd {
  protected override parse(request: WorkloadRequest): Workload {
    try {
      return super.parse(request);
    } catch {
      process.exit(1);
    }
  }
}

await serve(DiesOfRequests);
