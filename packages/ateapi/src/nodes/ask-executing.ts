import { randomUUID } from "node:crypto";
import { atelet, isAnswer, operationIdHeader } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { newSnapshotPrefix } from "../snapshots/snapshot-locations.ts";
import type { NodeClient } from "./node-client.ts";

const askTimeoutMs = 30_000;

/** `unknown`: the node did not answer, which says nothing about the worker. */
export type WorkerContent = "executes" | "blank" | "unknown";

/**
 * What a worker has, asked by the base calls: a restore of a snapshot that nobody has is FAILED_PRECONDITION
 * where something executes, and on a blank worker another failure that changes nothing.
 */
export async function askExecuting(
  client: NodeClient,
  like: atelet.CheckpointRequest,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<WorkerContent> {
  const { targetAteomUid, actorTemplateNamespace, actorTemplateName, actorId, spec, scope } = like;
  const value = create(atelet.LocalCheckpointConfigurationSchema, { snapshotPrefix: newSnapshotPrefix() });
  const request = create(atelet.RestoreRequestSchema, {
    targetAteomUid,
    actorTemplateNamespace,
    actorTemplateName,
    actorId,
    ...(spec && { spec }),
    scope,
    type: atelet.CheckpointType.LOCAL,
    config: { case: "localConfig", value },
  });
  try {
    const own = { ...headers, [operationIdHeader]: `ask-${randomUUID()}` };
    await client.herder.restore(request, { headers: own, timeoutMs: askTimeoutMs, signal });
    return "executes";
  } catch (error) {
    const { code } = ConnectError.from(error);
    if (code === Code.FailedPrecondition) return "executes";
    return isAnswer(code) ? "blank" : "unknown";
  }
}
