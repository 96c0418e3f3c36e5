import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type ContractPaths, InvalidInput } from "@agent-substrate/contract";
import { unixPathBytesMax } from "@agent-substrate/rpc-kit";
import type { SandboxBackEnd, WorkerLog } from "../back-end.ts";
import type { WorkerNetwork } from "../network/worker-network.ts";
import { type OperationJournal, openJournal } from "../operations/operation-journal.ts";
import type { LineWriter } from "../output/line-writer.ts";
import { ReleaseStack } from "../release-stack.ts";
import { readCapabilities, type WorkerCapabilities } from "./worker-capabilities.ts";
import { createWorkerEvents, type WorkerEvents } from "./worker-events.ts";
import { WorkerLifecycle } from "./worker-lifecycle.ts";
import { createWorkerOutputs } from "./worker-outputs.ts";

/** A worker that is ready to be served. */
export interface OpenWorker {
  readonly uid: string;
  readonly contractPaths: ContractPaths;
  readonly capabilities: WorkerCapabilities;
  readonly lifecycle: WorkerLifecycle;
  readonly journal: OperationJournal;
  readonly events: WorkerEvents;
  /** Ends its workload and releases everything. Idempotent. */
  close(): Promise<void>;
}

/** What a worker gets from its process. */
export interface WorkerSettings {
  readonly uid: string;
  readonly contractPaths: ContractPaths;
  readonly writer: LineWriter;
  readonly log: WorkerLog;
  openNetwork(): Promise<WorkerNetwork>;
}

/**
 * Makes the worker's directory and network, and lets the back end open it. Throws `InvalidInput`,
 * before anything is made, for a base path under which the worker's socket could not be.
 */
export async function openWorker(backEnd: SandboxBackEnd, settings: WorkerSettings): Promise<OpenWorker> {
  const { uid, contractPaths, log } = settings;
  const paths = contractPaths.ateom(uid);
  checkBasePath(contractPaths.basePath, paths.socket);
  await mkdir(paths.directory, { recursive: true, mode: 0o700 });
  await chmod(paths.directory, 0o700);

  await using made = new ReleaseStack();
  const network = await settings.openNetwork();
  made.defer(() => network.remove());
  const outputs = createWorkerOutputs(paths.directory, settings.writer);
  made.defer(() => outputs.closeAll());
  const journal = await openJournal(join(paths.directory, "operations.json"), log);
  made.defer(() => journal.flush());
  const events = createWorkerEvents();
  let lifecycle: WorkerLifecycle | undefined;
  const sandbox = await backEnd.openWorker({
    uid,
    paths,
    contractPaths,
    network,
    log,
    openOutput: outputs.open,
    reportExit: (exit) => lifecycle?.reportExit(exit),
  });
  lifecycle = new WorkerLifecycle({ uid, sandbox, network, events, log, lastLines: outputs.lastLines });

  const opened = lifecycle;
  made.defer(() => opened.close());
  const capabilities = readCapabilities(sandbox);
  const release = made.move();
  return {
    uid,
    contractPaths,
    capabilities,
    lifecycle: opened,
    journal,
    events,
    close: () => release[Symbol.asyncDispose](),
  };
}

function checkBasePath(basePath: string, socket: string): void {
  const excess = Buffer.byteLength(socket) - unixPathBytesMax;
  if (excess <= 0) return;
  const limit = `the worker's socket ${socket} would have more than the ${unixPathBytesMax} bytes that are possible`;
  throw new InvalidInput("ATE_BASE_PATH", `"${basePath}" is ${excess} bytes too long: ${limit}`);
}
