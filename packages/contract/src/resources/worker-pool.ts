import { z } from "zod";
import { apiVersion, namespacedMetadata } from "./metadata.ts";
import { quantity } from "./quantity.ts";
import { dnsSubdomain, envName, envValue, labels, matching, sandboxClass, uniqueBy } from "./scalars.ts";

const amounts = z.strictObject({
  memory: quantity.optional(),
  cpu: quantity.optional(),
  pids: quantity.optional(),
  "ephemeral-storage": quantity.optional(),
});

const toleration = z.strictObject({
  key: z.string().max(317).optional(),
  operator: z.enum(["Equal", "Exists"]).optional(),
  value: z.string().max(63).optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
  tolerationSeconds: z.int().optional(),
});

const hostPath = matching(/^\//, 511);

const podTemplate = z.strictObject({
  nodeSelector: labels.default({}),
  tolerations: z.array(toleration).max(16).default([]),
  priorityClassName: dnsSubdomain.optional(),
  /** As Kubernetes has it; checked by the cluster. */
  nodeAffinity: z.looseObject({}).optional(),
  /** Of one worker and whatever actor it runs. */
  resources: z.strictObject({ limits: amounts.prefault({}), requests: amounts.prefault({}) }).prefault({}),
  /** `Deny`: actors reach nothing outside. */
  egress: z.enum(["Nat", "Deny"]).default("Nat"),
  /** What the class needs of its worker's pod; `path` is also where it is mounted. */
  hostDevices: z
    .array(
      z.strictObject({ path: hostPath, type: z.enum(["CharDevice", "BlockDevice"]).default("CharDevice") }),
    )
    .max(32)
    .superRefine(uniqueBy("path"))
    .default([]),
  hostPaths: z
    .array(z.strictObject({ path: hostPath, readOnly: z.boolean().default(true) }))
    .max(32)
    .superRefine(uniqueBy("path"))
    .default([]),
  capabilities: z
    .array(matching(/^[A-Z][A-Z0-9_]*$/, 63))
    .max(64)
    .default([]),
  env: z
    .array(z.strictObject({ name: envName, value: envValue }))
    .max(64)
    .superRefine(uniqueBy("name"))
    .default([]),
});

export const workerPoolSchema = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("WorkerPool"),
  metadata: namespacedMetadata,
  spec: z.strictObject({
    replicas: z.int().min(0).max(100_000),
    /** The back end's image; only where workers are pods. */
    ateomImage: z.string().max(1024).optional(),
    sandboxClass,
    /** Absent: the default SandboxConfig of the class. */
    sandboxConfigName: dnsSubdomain.optional(),
    template: podTemplate.prefault({}),
  }),
  status: z.looseObject({ replicas: z.int().optional() }).optional(),
});

/** A number of equal workers. */
export type WorkerPool = z.output<typeof workerPoolSchema>;
