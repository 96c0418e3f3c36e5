import { z } from "zod";
import { InvalidInput } from "../names.ts";
import { type ActorTemplate, actorTemplateSchema } from "./actor-template.ts";
import { describeIssue } from "./describe-issue.ts";
import { type SandboxConfig, sandboxConfigSchema } from "./sandbox-config.ts";
import { type Secret, secretSchema } from "./secret.ts";
import { type WorkerPool, workerPoolSchema } from "./worker-pool.ts";

/** Any resource, told apart by `kind`. */
export type ResourceObject = ActorTemplate | WorkerPool | SandboxConfig | Secret;

/** The kinds that can be applied. */
export type ResourceKind = ResourceObject["kind"];

const schemas = {
  ActorTemplate: actorTemplateSchema,
  WorkerPool: workerPoolSchema,
  SandboxConfig: sandboxConfigSchema,
  Secret: secretSchema,
} as const;

/** In the order in which a set of resources is best applied. */
export const resourceKinds: readonly ResourceKind[] = [
  "Secret",
  "SandboxConfig",
  "WorkerPool",
  "ActorTemplate",
];

/**
 * Checks an object as YAML or JSON has it and fills in defaults. Unknown fields are refused. Throws
 * `InvalidInput` whose `field` is a path such as `spec.containers[0].image`; never with a secret's value.
 */
export function parseResource(object: unknown): ResourceObject {
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    throw new InvalidInput("object", "should be a resource with apiVersion, kind, metadata and spec");
  }
  const { kind } = object as { kind?: unknown };
  if (typeof kind !== "string" || !Object.hasOwn(schemas, kind)) {
    const named = kind === undefined ? "is required" : `${JSON.stringify(kind)} is unknown`;
    throw new InvalidInput("kind", `${named}; it should be one of ${resourceKinds.join(", ")}`);
  }
  const result = schemas[kind as ResourceKind].safeParse(object);
  if (result.success) return result.data;
  const { field, problem } = describeIssue(result.error.issues[0], kind);
  throw new InvalidInput(field, problem);
}

/** The schema of each kind as people write it, in JSON Schema 2020-12. Rules between fields are not in it. */
export function resourceJsonSchemas(): Record<ResourceKind, object> {
  const convert = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return {
    ActorTemplate: convert(schemas.ActorTemplate),
    WorkerPool: convert(schemas.WorkerPool),
    SandboxConfig: convert(schemas.SandboxConfig),
    Secret: convert(schemas.Secret),
  };
}
