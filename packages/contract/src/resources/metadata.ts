import { z } from "zod";
import { dnsLabel, dnsSubdomain, labels } from "./scalars.ts";

/** `apiVersion` of the kinds that are ours. */
export const apiVersion = "ate.dev/v1alpha1";

const annotations = z
  .record(z.string().max(317), z.string())
  .refine((all) => JSON.stringify(all).length <= 262_144, { error: "should have at most 256 KiB" });

// What a cluster writes into objects that it shows; taken, so that a shown object can be applied, and
// dropped.
const written = {
  uid: z.unknown().optional(),
  resourceVersion: z.unknown().optional(),
  generation: z.unknown().optional(),
  creationTimestamp: z.unknown().optional(),
  managedFields: z.unknown().optional(),
  selfLink: z.unknown().optional(),
};

interface Common {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

function pick({ name, labels, annotations }: Common): Common {
  return { name, labels, annotations };
}

const common = {
  name: dnsSubdomain,
  labels: labels.default({}),
  annotations: annotations.default({}),
  ...written,
};

/** Of kinds that live in a namespace. Default `default`. */
export const namespacedMetadata = z
  .strictObject({ ...common, namespace: dnsLabel.default("default") })
  .transform((metadata) => ({ ...pick(metadata), namespace: metadata.namespace }));

/** Of kinds that belong to the cluster: `namespace` is always "". */
export const clusterMetadata = z
  .strictObject({
    ...common,
    namespace: z.literal("", { error: "should be absent: this kind belongs to the cluster" }).default(""),
  })
  .transform((metadata) => ({ ...pick(metadata), namespace: "" }));
