import type { ateapi } from "@agent-substrate/contract";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import { atespaceCalls } from "../atespaces/atespace-calls.ts";
import type { Lifecycle } from "../operations/lifecycle.ts";
import type { Resumes } from "../operations/resumes.ts";
import { isMissing } from "../pools/pool-failure.ts";
import type { ResourceCatalog } from "../resources/resource-catalog.ts";
import type { Store } from "../storage/store.ts";
import type { WorkerDirectory } from "../workers/worker-directory.ts";
import { workerMessage } from "../workers/worker-message.ts";
import { actorCalls } from "./actor-calls.ts";
import { lifecycleCalls } from "./lifecycle-calls.ts";
import type { LiveActors } from "./live-actors.ts";

export interface ControlParts {
  readonly store: Store;
  readonly actors: LiveActors;
  readonly workers: WorkerDirectory;
  readonly catalog: ResourceCatalog;
  readonly resumes: Resumes;
  readonly lifecycle: Lifecycle;
  /** Absent: DebugClear is refused. */
  readonly clear?: () => Promise<void>;
}

/** Serves `ateapi.Control`. */
export function controlService(parts: ControlParts): ServiceImpl<typeof ateapi.Control> {
  const { store, actors, workers, catalog, resumes, lifecycle, clear } = parts;
  return {
    ...actorCalls(actors, catalog),
    ...lifecycleCalls(resumes, lifecycle),
    ...atespaceCalls(store),
    listWorkers() {
      const present = workers.all().filter((worker) => !isMissing(worker));
      const sorted = present.sort((a, b) => (workerKey(a) < workerKey(b) ? -1 : 1));
      return { workers: sorted.map((worker) => workerMessage(worker, actors.onWorker(worker.uid))) };
    },
    async debugClear() {
      if (!clear) {
        const text = "this server was started without --debug-clear, so it removes nothing";
        throw new ConnectError(text, Code.PermissionDenied);
      }
      await clear();
      return {};
    },
  };
}

function workerKey({
  poolNamespace,
  poolName,
  podName,
}: {
  poolNamespace: string;
  poolName: string;
  podName: string;
}) {
  return `${poolNamespace}/${poolName}/${podName}`;
}
