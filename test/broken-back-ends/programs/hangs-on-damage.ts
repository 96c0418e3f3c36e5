// Waits for the rest of a snapshot that was cut short, which never comes: the worker is blocked for ever.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";
import type { Workload } from "../plain/workload.ts";

class HangsOnDamage extends PlainBackEnd {
  protected override unpack(workload: Workload): Promise<void> {
    return super.unpack(workload).catch(() => new Promise(() => undefined));
  }
}

await serve(HangsOnDamage);
