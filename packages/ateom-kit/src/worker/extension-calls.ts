// What a worker answers beside the base contract, but for Snapshot, which goes the way of a checkpoint.
import { type extensions, operationIdHeader } from "@agent-substrate/contract";
import type { ServiceImpl } from "@connectrpc/connect";
import type { SandboxBackEnd } from "../back-end.ts";
import { NothingDone, toCallError } from "../operations/nothing-done.ts";
import { serveExec } from "./exec-call.ts";
import { parseExecStart } from "./exec-request.ts";
import type { OpenWorker } from "./open-worker.ts";
import { requireCapability, type WorkerCapabilities } from "./worker-capabilities.ts";
import { describeBackEnd, describeEvent, describeStats, describeStatus } from "./worker-messages.ts";
import { executionOf } from "./worker-state.ts";
import { parseCallHeaders } from "./workload-request.ts";

type ExtensionCalls = Omit<ServiceImpl<typeof extensions.AteomExtensions>, "snapshot">;

export function extensionCalls(backEnd: SandboxBackEnd, worker: OpenWorker, bootId: string): ExtensionCalls {
  const { lifecycle, journal, events, capabilities } = worker;

  const admit = (name: keyof WorkerCapabilities, headers: Headers) => {
    requireCapability(name, capabilities, backEnd);
    refuseOlderGeneration(worker, headers);
  };

  return {
    describe: () => describeBackEnd(backEnd, capabilities, bootId),
    getStatus: () => describeStatus(lifecycle.state, journal.last),
    async *watch(_request, context) {
      for await (const event of events.subscribe(context.signal)) {
        yield describeEvent(event);
      }
    },
    terminate: (_request, context) => told(() => terminate(worker, context.requestHeader)),
    stats: (_request, context) =>
      told(async () => {
        admit("stats", context.requestHeader);
        return describeStats(await lifecycle.stats());
      }),
    freeze: (_request, context) =>
      told(async () => {
        admit("freeze", context.requestHeader);
        await lifecycle.setFrozen(true);
        return {};
      }),
    thaw: (_request, context) =>
      told(async () => {
        admit("freeze", context.requestHeader);
        await lifecycle.setFrozen(false);
        return {};
      }),
    async *exec(requests, context) {
      try {
        admit("exec", context.requestHeader);
        yield* serveExec(requests, context.signal, (start) =>
          lifecycle.exec(({ containers }) => parseExecStart(start, containers), context.signal),
        );
      } catch (failure) {
        throw toCallError(failure);
      }
    },
  };
}

async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (failure) {
    throw toCallError(failure);
  }
}

async function terminate(worker: OpenWorker, headers: Headers): Promise<Record<string, never>> {
  refuseOlderGeneration(worker, headers);
  const { operationId } = parseCallHeaders(headers);
  const subject = { kind: "terminate" as const, actor: "" };
  await worker.journal.perform({ subject, operationId, generation: undefined }, async () => {
    await worker.lifecycle.terminate();
    return [];
  });
  return {};
}

/** L13: for calls that name no actor, by the one that executes. */
function refuseOlderGeneration({ lifecycle }: OpenWorker, headers: Headers): void {
  const { operationId, generation } = parseCallHeaders(headers);
  const executing = executionOf(lifecycle.state)?.workload.generation;
  if (generation === undefined || executing === undefined || generation >= executing) return;
  throw new NothingDone(
    `generation ${generation} is over; generation ${executing} is executing (${operationIdHeader} ${operationId ?? "none"})`,
  );
}
