import { randomUUID } from "node:crypto";
import { atelet, operationIdHeader } from "@agent-substrate/contract";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { newSnapshotPrefix } from "../snapshots/snapshot-locations.ts";
import type { NodeClient } from "./node-client.ts";

const askTimeoutMs = 30_000;

/**
 * Whether a worker surely executes something, asked by the base calls: a restore of a snapshot that nobody has
 * is FAILED_PRECONDITION there, and on a blank worker another failure that changes nothing.
 */
export async function surelyExecutes(
  client: NodeClient,
  like: atelet.CheckpointRequest,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
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
    await client.herder.restore(request, { headers: own, timeoutMs: askTimeoutMs });
    return true;
  } catch (error) {
    return ConnectError.from(error).code === Code.FailedPrecondition;
  }
}
