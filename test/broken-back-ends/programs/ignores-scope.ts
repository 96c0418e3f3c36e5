// Ignores the scope and keeps what it can: a caller that asked for memory finds out at the next wake.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class IgnoresScope extends PlainBackEnd {
  protected override refuseScope(): void {}
}

await serve(IgnoresScope);
