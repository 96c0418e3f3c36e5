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
} from "./back-end.ts";
export { type BackEndOptions, serveBackEnd } from "./serve-back-end.ts";
