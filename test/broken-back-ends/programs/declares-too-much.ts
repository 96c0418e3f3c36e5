// Declares Terminate and does not have it: a node that wants to end a workload learns so when it must.
import { randomUUID } from "node:crypto";
import { ateom, extensions } from "@agent-substrate/contract";
import type { ConnectRouter } from "@connectrpc/connect";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class DeclaresTooMuch extends PlainBackEnd {
  readonly #bootId = randomUUID();

  override offer(router: ConnectRouter): void {
    router.service(extensions.AteomExtensions, {
      describe: () => ({
        sandboxClass: "plain",
        contractVersion: 1,
        bootId: this.#bootId,
        capabilities: { scopes: [ateom.SnapshotScope.DATA], terminate: true },
      }),
    });
  }
}

await serve(DeclaresTooMuch);
