// Leaves at SIGTERM without tidying up: sockets and network namespaces of ended workers stay on the node.
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class LeavesAtOnce extends PlainBackEnd {
  override async close(): Promise<void> {
    process.exit();
  }
}

await serve(LeavesAtOnce);
