import type { SubstrateClient } from "@agent-substrate/sdk";

/** A worker of a machine at work is there within seconds. */
const workersMs = 60_000;

/** Resolves when the control plane knows `count` workers. */
export async function waitForWorkers(
  client: SubstrateClient,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  if (count === 0) return;
  const workers = new Set<string>();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(workersMs)]);
  try {
    for await (const { change } of client.watch.watch({ workers: true }, { signal: limit })) {
      if (change.case === "worker") workers.add(change.value.workerPodUid);
      else if (change.case === "workerDeleted") workers.delete(change.value);
      if (workers.size >= count) return;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${workers.size} of ${count} workers came up within ${workersMs / 1000} s`, {
      cause: error,
    });
  }
}
