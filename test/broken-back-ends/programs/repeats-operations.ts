// Offers extensions and does not look at operation ids: a start that is asked for again is refused or done twice.
import { randomUUID } from "node:crypto";
import { ateom, extensions } from "@agent-substrate/contract";
import type { ConnectRouter } from "@connectrpc/connect";
import { PlainBackEnd } from "../plain/plain-back-end.ts";
import { serve } from "../plain/serve.ts";

class RepeatsOperations extends PlainBackEnd {
  readonly #bootId = randomUUID();

  override offer(router: ConnectRouter): void {
    router.service(extensions.AteomExtensions, {
      describe: () => ({
        sandboxClass: "plain",
        contractVersion: 1,
        bootId: this.#bootId,
        capabilities: { scopes: [ateom.SnapshotScope.DATA] },
      }),
    });
  }
}

await serve(RepeatsOperations);
