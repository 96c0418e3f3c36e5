import { parseArgs } from "node:util";
import { ateom } from "@agent-substrate/contract";
import { serveRpc } from "@agent-substrate/rpc-kit";
import type { PlainBackEnd } from "./plain-back-end.ts";

/** Serves the worker that `--pod-uid` names until SIGTERM. */
export async function serve(Kind: new (uid: string) => PlainBackEnd): Promise<void> {
  const { values } = parseArgs({ options: { "pod-uid": { type: "string", default: "" } } });
  const backEnd = new Kind(values["pod-uid"]);
  await backEnd.open().catch((failure: Error) => {
    console.error(failure.message);
    process.exit(1);
  });
  const server = await serveRpc({
    services: [ateom.Ateom],
    listen: { unixPath: backEnd.paths.socket },
    observe: ({ method, error }) => error && console.error(method, error.message, error.cause ?? ""),
    routes: (router) => {
      backEnd.offer(router);
      router.service(ateom.Ateom, {
        runWorkload: async (request) => {
          await backEnd.runWorkload(request);
          return {};
        },
        checkpointWorkload: async (request) => ({
          snapshotFiles: await backEnd.checkpointWorkload(request),
        }),
        restoreWorkload: async (request) => {
          await backEnd.restoreWorkload(request);
          return {};
        },
      });
    },
  });
  process.once("SIGTERM", () => {
    Promise.all([server.close(), backEnd.close()]).then(
      () => process.exit(),
      (failure) => {
        console.error(failure);
        process.exit(1);
      },
    );
  });
}
