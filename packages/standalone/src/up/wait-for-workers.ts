import { type SubstrateClient, watchChanges } from "@agent-substrate/sdk";

/** A worker of a machine at work is there within seconds. */
const workersMs = 60_000;

/** Resolves when the control plane knows `count` workers. */
export async function waitForWorkers(
  client: SubstrateClient,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  const workers = new Set<string>();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(workersMs)]);
  if (count === 0) return;
  for await (const { change } of watchChanges(client, { workers: true, signal: limit })) {
    if (change.case === "worker") workers.add(change.value.workerPodUid);
    else if (change.case === "workerDeleted") workers.delete(change.value);
    if (workers.size >= count) return;
  }
  signal.throwIfAborted();
  throw new Error(`only ${workers.size} of ${count} workers came up within ${workersMs / 1000} s`);
}
