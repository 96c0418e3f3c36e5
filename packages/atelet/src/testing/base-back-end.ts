// A back end that knows the base contract alone, and no base path but the historical one: what a
// stranger's program may be. It runs nothing.
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ateom, contractPaths, defaultBasePath } from "@agent-substrate/contract";
import { serveRpc } from "@agent-substrate/rpc-kit";
import { Code, ConnectError } from "@connectrpc/connect";

const { values } = parseArgs({ options: { "pod-uid": { type: "string", default: "" } } });
const paths = contractPaths(defaultBasePath);
const { directory, socket } = paths.ateom(values["pod-uid"]);
mkdirSync(directory, { recursive: true, mode: 0o700 });

await serveRpc({
  services: [ateom.Ateom],
  listen: { unixPath: socket },
  routes: (router) => {
    router.service(ateom.Ateom, {
      runWorkload({ actorId }) {
        if (actorId === "refused") throw new ConnectError("cannot run this", Code.Internal);
        return {};
      },
      checkpointWorkload({ actorTemplateNamespace: namespace, actorTemplateName: template, actorId }) {
        const actor = paths.actor({ namespace, template, actorId });
        writeFileSync(`${actor.checkpoint}/state`, actorId);
        return { snapshotFiles: ["state"] };
      },
      restoreWorkload: () => ({}),
    });
  },
});
