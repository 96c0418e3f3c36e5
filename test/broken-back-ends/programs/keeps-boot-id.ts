// Tells the same boot id after a restart: a node takes the actor that ended with the process for running.
import { ateom, extensions } from "@agent-substrate/contract";
import type { ConnectRouter } from "@connectrpc/connect";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class KeepsBootId extends PlainBackEnd {
  override offer(router: ConnectRouter): void {
    router.service(extensions.AteomExtensions, {
      describe: () => ({
        sandboxClass: "plain",
        contractVersion: 1,
        bootId: "plain",
        capabilities: { scopes: [ateom.SnapshotScope.DATA] },
      }),
    });
  }
}

await serve(KeepsBootId);
