// The RPC edge of one worker: validates, converts once, and maps errors. What happens is decided by
// the journal and the lifecycle.
import { ateom, extensions } from "@agent-substrate/contract";
import { writePhases } from "@agent-substrate/rpc-kit";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import type { SandboxBackEnd, Workload } from "../back-end.ts";
import type { OperationKind } from "../operations/completed-operation.ts";
import { toCallError } from "../operations/nothing-done.ts";
import { extensionCalls } from "./extension-calls.ts";
import type { OpenWorker } from "./open-worker.ts";
import { requireCapability } from "./worker-capabilities.ts";
import { actorName } from "./worker-state.ts";
import { parseScope, parseWorkload, type WorkloadRequest } from "./workload-request.ts";

/** What the worker's socket serves; `bootId` is new at each start of the process. */
export function workerServices(backEnd: SandboxBackEnd, worker: OpenWorker, bootId: string) {
  const { lifecycle, journal, contractPaths } = worker;

  const answer = async (
    kind: OperationKind,
    request: WorkloadRequest,
    context: HandlerContext,
    act: (workload: Workload) => Promise<readonly string[]>,
  ): Promise<readonly string[]> => {
    const workload = parseWorkload(request, context.requestHeader, backEnd, contractPaths);
    const { operationId, generation, phases } = workload;
    let isOwn = false;
    const call = { subject: { kind, actor: actorName(workload.key) }, operationId, generation, phases };
    try {
      const result = await journal.perform(call, () => {
        isOwn = true;
        return act(workload);
      });
      if (!isOwn) phases.add("join", phases.elapsedMs());
      writePhases(context.responseTrailer, phases.finish());
      return result;
    } catch (failure) {
      const error = toCallError(failure);
      writePhases(error.metadata, phases.finish());
      throw error;
    }
  };

  return (router: ConnectRouter): void => {
    router.service(ateom.Ateom, {
      async runWorkload(request, context) {
        await answer("run", request, context, async (workload) => {
          await lifecycle.start({ kind: "run" }, workload);
          return [];
        });
        return {};
      },
      async checkpointWorkload(request, context) {
        const scope = parseScope(request.scope, backEnd);
        const snapshotFiles = await answer("checkpoint", request, context, (workload) =>
          lifecycle.checkpoint(scope, workload),
        );
        return { snapshotFiles: [...snapshotFiles] };
      },
      async restoreWorkload(request, context) {
        const scope = parseScope(request.scope, backEnd);
        await answer("restore", request, context, async (workload) => {
          await lifecycle.start({ kind: "restore", scope }, workload);
          return [];
        });
        return {};
      },
    });
    router.service(extensions.AteomExtensions, {
      ...extensionCalls(backEnd, worker, bootId),
      async snapshot(request, context) {
        requireCapability("snapshot", worker.capabilities, backEnd);
        const scope = parseScope(request.scope, backEnd);
        const snapshotFiles = await answer("snapshot", request, context, (workload) =>
          lifecycle.snapshot(scope, workload),
        );
        return { snapshotFiles: [...snapshotFiles] };
      },
    });
  };
}
