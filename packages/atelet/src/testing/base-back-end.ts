// A back end that knows the base contract alone, and no base path but the historical one: what a
// stranger's program may be. It runs nothing; actors of some ids meet with a failure of their own.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ActorPaths, ateom, contractPaths, defaultBasePath } from "@agent-substrate/contract";
import { serveRpc } from "@agent-substrate/rpc-kit";
import { Code, ConnectError } from "@connectrpc/connect";

const { values } = parseArgs({ options: { "pod-uid": { type: "string", default: "" } } });
const paths = contractPaths(defaultBasePath);
const { directory, socket } = paths.ateom(values["pod-uid"]);
mkdirSync(directory, { recursive: true, mode: 0o700 });

const refusals: Readonly<Record<string, Code>> = {
  refused: Code.Internal,
  unready: Code.DeadlineExceeded,
};
const checkpointRefusals: Record<string, Code | undefined> = {
  unread: Code.InvalidArgument,
  gone: Code.FailedPrecondition,
};

/** A program that knows where the identity lies may look for the mount by that. */
function demandOwnPaths(actor: ActorPaths, container: string): void {
  const { mounts } = JSON.parse(readFileSync(`${actor.bundle(container)}/config.json`, "utf8"));
  const sources: string[] = mounts.map(({ source }: { source: string }) => source);
  if (!sources.includes(actor.identity)) {
    throw new ConnectError(`${actor.identity} is not among ${sources}`, Code.FailedPrecondition);
  }
}

await serveRpc({
  services: [ateom.Ateom],
  listen: { unixPath: socket },
  routes: (router) => {
    router.service(ateom.Ateom, {
      runWorkload({ actorTemplateNamespace: namespace, actorTemplateName: template, actorId, spec }) {
        const code = refusals[actorId];
        if (code !== undefined) throw new ConnectError("cannot run this", code);
        const actor = paths.actor({ namespace, template, actorId });
        for (const { name } of spec?.containers ?? []) demandOwnPaths(actor, name);
        return {};
      },
      checkpointWorkload({ actorTemplateNamespace: namespace, actorTemplateName: template, actorId }) {
        const code = checkpointRefusals[actorId];
        checkpointRefusals[actorId] = undefined;
        if (code !== undefined) throw new ConnectError("cannot store this", code);
        const actor = paths.actor({ namespace, template, actorId });
        writeFileSync(`${actor.checkpoint}/state`, actorId);
        return { snapshotFiles: ["state"] };
      },
      restoreWorkload: () => ({}),
    });
  },
});
