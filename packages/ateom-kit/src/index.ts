export type {
  ActorNetwork,
  ContainerExit,
  ContainerOutput,
  ReadyzProbe,
  SandboxBackEnd,
  SandboxCapabilities,
  SandboxWorker,
  SnapshotScope,
  WorkerContext,
  WorkerLog,
  Workload,
  WorkloadContainer,
  WorkloadStats,
} from "./back-end.ts";
export type { BackEndOptions } from "./back-end-options.ts";
export type { ExecCommand, ExecProcess, ProcessExit, TerminalSize } from "./exec-process.ts";
export { actorAddress, actorGateway } from "./network/inner-link.ts";
export { cleanUpWorkerNetwork } from "./network/worker-network.ts";
export { serveBackEnd } from "./serve-back-end.ts";
export type { RunningBackEnd } from "./start-back-end.ts";
export { startBackEnd } from "./start-back-end.ts";
