import { ateom, extensions } from "@agent-substrate/contract";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { SandboxBackEnd, SnapshotScope, WorkloadStats } from "../back-end.ts";
import type { CompletedOperation } from "../operations/completed-operation.ts";
import type { WorkerCapabilities } from "./worker-capabilities.ts";
import type { WorkerEvent } from "./worker-events.ts";
import { type Execution, executionOf, type WorkerState } from "./worker-state.ts";

/** Version of the contract that the kit speaks. */
const contractVersion = 1;

const scopes: Readonly<Record<SnapshotScope, ateom.SnapshotScope>> = {
  full: ateom.SnapshotScope.FULL,
  data: ateom.SnapshotScope.DATA,
};

/** What is declared by the author, and what the kit offers for all. */
export function describeBackEnd(
  backEnd: SandboxBackEnd,
  offered: WorkerCapabilities,
  bootId: string,
): MessageInitShape<typeof extensions.DescribeResponseSchema> {
  return {
    sandboxClass: backEnd.sandboxClass,
    contractVersion,
    bootId,
    requiredAssets: [...backEnd.requiredAssets],
    capabilities: {
      scopes: backEnd.capabilities.scopes.map((scope) => scopes[scope]),
      severalContainers: backEnd.capabilities.severalContainers,
      checkpointAndContinue: offered.snapshot,
      exec: offered.exec,
      freeze: offered.freeze,
      stats: offered.stats,
      terminate: true,
      watch: true,
    },
    hardwareKey: backEnd.hardwareKey ?? "",
  };
}

/** A worker on its way to blank is still executing; one that could not be made blank has no state. */
export function describeStatus(
  state: WorkerState,
  last: CompletedOperation | undefined,
): MessageInitShape<typeof extensions.GetStatusResponseSchema> {
  const execution = executionOf(state);
  return {
    state: stateCode(state.kind),
    ...(execution && { actor: describeExecution(execution) }),
    frozen: state.kind === "executing" && state.isFrozen,
    ...(last && {
      lastOperation: {
        operationId: last.id,
        kind: last.kind,
        succeeded: !last.error,
        error: last.error?.message ?? "",
      },
    }),
  };
}

function stateCode(kind: WorkerState["kind"]): extensions.GetStatusResponse_State {
  if (kind === "available") return extensions.GetStatusResponse_State.AVAILABLE;
  if (kind === "unusable" || kind === "closed") return extensions.GetStatusResponse_State.UNSPECIFIED;
  return extensions.GetStatusResponse_State.EXECUTING;
}

/** What is not known is 0. */
export function describeStats(stats: WorkloadStats): MessageInitShape<typeof extensions.StatsResponseSchema> {
  const whole = (count = 0) => BigInt(Math.trunc(count));
  return {
    memoryBytes: whole(stats.memoryBytes),
    cpuUsageUs: whole(stats.cpuUsageUs),
    networkReceiveBytes: whole(stats.networkReceiveBytes),
    networkTransmitBytes: whole(stats.networkTransmitBytes),
  };
}

/** An event in its form on the wire. */
export function describeEvent(event: WorkerEvent): MessageInitShape<typeof extensions.WorkerEventSchema> {
  if (event.kind === "draining") return { event: { case: "draining", value: {} } };
  if (event.kind === "available") return { event: { case: "available", value: {} } };
  const actor = describeExecution(event.execution);
  if (event.kind !== "exited") return { event: { case: event.kind, value: { actor } } };
  const { container, code = 0, signal = 0, outOfMemory = false } = event.exit;
  return { event: { case: "exited", value: { actor, container, exitCode: code, signal, outOfMemory } } };
}

function describeExecution({
  workload,
  since,
}: Execution): MessageInitShape<typeof extensions.ExecutingActorSchema> {
  return {
    actorTemplateNamespace: workload.key.namespace,
    actorTemplateName: workload.key.template,
    actorId: workload.key.actorId,
    atespace: workload.atespace ?? "",
    operationId: workload.operationId ?? "",
    generation: workload.generation ?? 0n,
    since: timestampFromDate(since),
  };
}
