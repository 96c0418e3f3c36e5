export type { ActorTemplate, TemplatePhase } from "./actor-template.ts";
export { parseDuration } from "./duration.ts";
export { type LabelSelector, matchesSelector } from "./label-selector.ts";
export { apiVersion } from "./metadata.ts";
export {
  parseResource,
  type ResourceKind,
  type ResourceObject,
  resourceJsonSchemas,
  resourceKinds,
} from "./parse-resource.ts";
export { parseYamlResources } from "./parse-yaml.ts";
export { parseBytes, parseMillicores, parseQuantity } from "./quantity.ts";
export type { SandboxConfig } from "./sandbox-config.ts";
export { readSecret, type Secret } from "./secret.ts";
export type { WorkerPool } from "./worker-pool.ts";
