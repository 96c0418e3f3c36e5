// Keeps the nodes that start workers told of what they shall run.
import { nodes } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { desiredWorkers } from "../pools/desired-workers.ts";
import type { ResourceCatalog } from "../resources/resource-catalog.ts";
import type { NodeDirectory } from "./node-directory.ts";

/** Sends it at each connection and after each change of a pool or config; changes of one turn together. */
export function instructNodes(directory: NodeDirectory, catalog: ResourceCatalog): void {
  let scheduled = false;
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      send();
    });
  };
  const send = () => {
    const starters = directory.connected().filter(({ startsWorkers }) => startsWorkers);
    const desired = desiredWorkers(
      catalog,
      starters.map(({ name }) => name),
    );
    for (const session of starters) {
      const value = desired.get(session.name);
      if (!value) continue;
      session.outbox.push(
        create(nodes.NodeInstructionSchema, { instruction: { case: "desiredWorkers", value } }),
      );
    }
  };
  directory.onChange({ connected: schedule, lost: schedule });
  catalog.onChange((after, before) => {
    const kind = (after ?? before)?.kind;
    const statusOnly = after && before && JSON.stringify(after.object) === JSON.stringify(before.object);
    if ((kind === "WorkerPool" || kind === "SandboxConfig") && !statusOnly) schedule();
  });
}
