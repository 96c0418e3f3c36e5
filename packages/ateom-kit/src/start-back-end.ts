// A process of a back end: opens its workers, then serves each on its socket; stops in the opposite
// order. A worker whose socket answers is ready for work.
import { randomUUID } from "node:crypto";
import { ateom, contractPaths, extensions } from "@agent-substrate/contract";
import { type ObservedCall, serveRpc } from "@agent-substrate/rpc-kit";
import type { SandboxBackEnd, WorkerLog } from "./back-end.ts";
import type { BackEndOptions } from "./back-end-options.ts";
import { createJsonLog } from "./json-log.ts";
import { openLoopbackNetwork } from "./network/loopback-network.ts";
import { openWorkerNetwork } from "./network/worker-network.ts";
import { createLineWriter, type LineWriter } from "./output/line-writer.ts";
import { ReleaseStack } from "./release-stack.ts";
import { openWorker } from "./worker/open-worker.ts";
import { workerServices } from "./worker/worker-service.ts";

/** The contract's, for all workers together; what is not released by then is left to the next start. */
export const stopTimeoutMs = 20_000;

const stdoutFd = 1;

/** A running back end. */
export interface RunningBackEnd {
  /** New at each start. */
  readonly bootId: string;
  /** Ends every workload and removes sockets and namespaces. Idempotent; rejects after `stopTimeoutMs`. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Resolves when every worker's socket answers; when one cannot be opened, none is left. */
export async function startBackEnd(
  backEnd: SandboxBackEnd,
  options: Required<BackEndOptions>,
): Promise<RunningBackEnd> {
  const bootId = randomUUID();
  const writer = createLineWriter(stdoutFd);
  const started = await Promise.allSettled(
    options.podUids.map((uid) => serveWorker(uid, backEnd, { bootId, writer, options })),
  );
  const workers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const release = async () => {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
  };
  const failed = started.find((result) => result.status === "rejected");
  if (failed) {
    await withinStopTimeout(release());
    throw failed.reason;
  }
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= withinStopTimeout(release()));
  return { bootId, stop, [Symbol.asyncDispose]: stop };
}

interface ProcessParts {
  readonly bootId: string;
  readonly writer: LineWriter;
  readonly options: Required<BackEndOptions>;
}

/** Answers what stops the worker again. */
async function serveWorker(
  uid: string,
  backEnd: SandboxBackEnd,
  { bootId, writer, options }: ProcessParts,
): Promise<ReleaseStack> {
  const paths = contractPaths(options.basePath);
  const { socket } = paths.ateom(uid);
  const log = createJsonLog(
    { name: "ateom", sandboxClass: backEnd.sandboxClass, worker: uid },
    options.isDebug,
  );
  await using made = new ReleaseStack();
  const worker = await openWorker(backEnd, {
    uid,
    contractPaths: paths,
    writer,
    log,
    openNetwork: async () =>
      options.network === "loopback" ? openLoopbackNetwork(uid) : openWorkerNetwork(uid, paths.ateom(uid)),
  });
  made.defer(() => worker.close());
  const server = await serveRpc({
    services: [ateom.Ateom, extensions.AteomExtensions],
    routes: workerServices(backEnd, worker, bootId),
    listen: { unixPath: socket },
    observe: logCalls(log),
  });
  made.defer(() => server[Symbol.asyncDispose]());
  made.defer(() => {
    worker.events.publish({ kind: "draining" });
    worker.events.end();
  });
  log.info({ socket, bootId }, "worker-open");
  return made.move();
}

function logCalls(log: WorkerLog): (call: ObservedCall) => void {
  return ({ method, durationMs, error }) => {
    if (!error) return log.debug({ method, durationMs }, "call");
    const cause = error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : undefined;
    log.warn({ method, durationMs, code: error.code, error: error.rawMessage, cause }, "call-failed");
  };
}

async function withinStopTimeout(released: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`the back end did not stop within ${stopTimeoutMs / 1000} s`)),
    stopTimeoutMs,
  );
  try {
    await Promise.race([released, late]);
  } finally {
    clearTimeout(timer);
  }
}
