import { randomUUID } from "node:crypto";
import type { ateom, PhaseClock } from "@agent-substrate/contract";
import { readPhases } from "@agent-substrate/rpc-kit";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type CallOptions, Code, ConnectError } from "@connectrpc/connect";
import { type Assignment, assignmentHeaders } from "../actors/assignment.ts";
import type { RunningWorkload } from "../workers/execution.ts";
import type { Worker } from "../workers/worker.ts";

type WorkloadRequest = MessageInitShape<typeof ateom.RunWorkloadRequestSchema>;

/** What Run, Checkpoint and Restore have in common on the wire. */
export function workloadRequest(
  assignment: Assignment,
  { workload, assetPaths }: Pick<RunningWorkload, "workload" | "assetPaths">,
): Omit<WorkloadRequest, "$typeName"> {
  return {
    actorTemplateNamespace: assignment.key.namespace,
    actorTemplateName: assignment.key.template,
    actorId: assignment.key.actorId,
    runtimeAssetPaths: { ...assetPaths },
    spec: {
      containers: workload.containers.map(({ name, readyz, mounts }) => ({
        name,
        durableDirVolumes: mounts.map(({ mountPath }) => mountPath),
        ...(readyz && { readyz: { httpGet: readyz } }),
      })),
    },
  };
}

/**
 * Calls a worker's back end and counts the time as the phase `name`, split by what the back end says.
 * A reply that was lost is asked for again, by the same operation id. A back end that knows no ids may
 * refuse the repeated call for what the first one did: then nothing but the loss is known.
 */
export async function callBackEnd<T>(
  name: string,
  worker: Worker,
  assignment: Assignment,
  operationId: string | undefined,
  timeoutMs: number,
  clock: PhaseClock,
  call: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const headers = assignmentHeaders(assignment, operationId ?? randomUUID());
  return clock.measureCall(name, async (report) => {
    const options: CallOptions = {
      headers,
      timeoutMs,
      onTrailer: (trailers) => report(readPhases(trailers)),
    };
    try {
      return await call(options);
    } catch (error) {
      const isLost = ConnectError.from(error).code === Code.Unavailable;
      if (!isLost || worker.state.kind === "ending") throw error;
      if (worker.description) return call(options);
      return call(options).catch(() => {
        throw error;
      });
    }
  });
}
