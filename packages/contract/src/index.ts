export * as ateapi from "../gen/ateapi/ateapi_pb.ts";
export * as atelet from "../gen/atelet/atelet_pb.ts";
export * as ateom from "../gen/ateom/ateom_pb.ts";
export * as health from "../gen/grpc/health/v1/health_pb.ts";
export * as reflection from "../gen/grpc/reflection/v1/reflection_pb.ts";
export * as reflectionAlpha from "../gen/grpc/reflection/v1alpha/reflection_pb.ts";
export * as extensions from "../gen/substrate/v1/extensions_pb.ts";
export * as images from "../gen/substrate/v1/images_pb.ts";
export * as logs from "../gen/substrate/v1/logs_pb.ts";
export * as node from "../gen/substrate/v1/node_pb.ts";
export * as nodes from "../gen/substrate/v1/nodes_pb.ts";
export * as resources from "../gen/substrate/v1/resources_pb.ts";
export * as routes from "../gen/substrate/v1/routes_pb.ts";
export * as watch from "../gen/substrate/v1/watch_pb.ts";
export { isAnswer, isRefusedUnread } from "./call-outcome.ts";
export {
  atespaceHeader,
  elapsedTrailer,
  generationHeader,
  operationIdHeader,
  phasesTrailer,
  templateHeader,
} from "./metadata.ts";
export {
  InvalidInput,
  validateActorKey,
  validateAssetHash,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateFileName,
  validateLabels,
  validateMountPath,
  validateQualifiedTemplate,
  validateSnapshotUriPrefix,
} from "./names.ts";
export type { ActorKey, ActorPaths, AteomPaths, ContractPaths } from "./paths.ts";
export { contractPaths, defaultBasePath, workerNetnsName, workerNetnsPath } from "./paths.ts";
export type { Phase } from "./phases.ts";
export { formatPhases, PhaseClock, parsePhases } from "./phases.ts";
export {
  type ActorTemplate,
  apiVersion,
  type LabelSelector,
  matchesSelector,
  parseBytes,
  parseDuration,
  parseMillicores,
  parseQuantity,
  parseResource,
  parseYamlResources,
  type ResourceKind,
  type ResourceObject,
  readSecret,
  resourceJsonSchemas,
  resourceKinds,
  type SandboxConfig,
  type Secret,
  type TemplatePhase,
  type WorkerPool,
} from "./resources/index.ts";
