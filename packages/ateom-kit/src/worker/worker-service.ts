// The RPC edge of one worker: validates, converts once, and maps errors. What happens is decided by
// the journal and the lifecycle.
import { ateom, extensions, operationIdHeader } from "@agent-substrate/contract";
import { writePhases } from "@agent-substrate/rpc-kit";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import type { SandboxBackEnd, Workload } from "../back-end.ts";
import type { OperationKind } from "../operations/completed-operation.ts";
import { NothingDone, toCallError } from "../operations/nothing-done.ts";
import type { OpenWorker } from "./open-worker.ts";
import { describeBackEnd, describeEvent, describeStatus } from "./worker-messages.ts";
import { actorName, executionOf } from "./worker-state.ts";
import { parseCallHeaders, parseScope, parseWorkload, type WorkloadRequest } from "./workload-request.ts";

/** What the worker's socket serves; `bootId` is new at each start of the process. */
export function workerServices(backEnd: SandboxBackEnd, worker: OpenWorker, bootId: string) {
  const { lifecycle, journal, events, contractPaths } = worker;

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
      describe: () => describeBackEnd(backEnd, bootId),
      getStatus: () => describeStatus(lifecycle.state, journal.last),
      async *watch(_request, context) {
        for await (const event of events.subscribe(context.signal)) {
          yield describeEvent(event);
        }
      },
      async terminate(_request, context) {
        await terminate(worker, context.requestHeader).catch((failure) => {
          throw toCallError(failure);
        });
        return {};
      },
    });
  };
}

async function terminate({ lifecycle, journal }: OpenWorker, headers: Headers): Promise<void> {
  const { operationId, generation } = parseCallHeaders(headers);
  const workload = executionOf(lifecycle.state)?.workload;
  if (generation !== undefined && workload?.generation !== undefined && generation < workload.generation) {
    throw new NothingDone(
      `generation ${generation} is over; generation ${workload.generation} is executing (${operationIdHeader} ${operationId ?? "none"})`,
    );
  }
  const subject = { kind: "terminate" as const, actor: "" };
  await journal.perform({ subject, operationId, generation: undefined }, async () => {
    await lifecycle.terminate();
    return [];
  });
}
