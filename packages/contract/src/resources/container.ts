import { z } from "zod";
import {
  dnsLabel,
  dnsSubdomain,
  envName,
  envValue,
  mountPath,
  pinnedImage,
  port,
  uniqueBy,
} from "./scalars.ts";

const secretKeyRef = z.strictObject({
  name: dnsSubdomain,
  key: z.string().min(1).max(253),
  optional: z.boolean().default(false),
});

const envEntry = z
  .strictObject({
    name: envName,
    value: envValue.optional(),
    valueFrom: z.strictObject({ secretKeyRef }).optional(),
  })
  .superRefine(({ value, valueFrom }, context) => {
    if ((value === undefined) === (valueFrom === undefined)) {
      context.addIssue({ code: "custom", message: "should have exactly one of value and valueFrom" });
    }
  });

const pathPattern = /^\/([A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;

const httpGet = z.strictObject({
  path: z
    .string()
    .max(1024)
    .refine((path) => pathPattern.test(path), { error: `should match ${pathPattern.source}` })
    .default("/readyz"),
  port,
});

const volumeMount = z.strictObject({ name: dnsLabel, mountPath });

export const container = z.strictObject({
  name: dnsLabel.refine((name) => name !== "pause", { error: '"pause" is reserved' }),
  image: pinnedImage,
  /** Absent: the image's entry point and command. */
  command: z.array(z.string().max(32_768)).max(64).default([]),
  env: z.array(envEntry).max(32).superRefine(uniqueBy("name")).default([]),
  /** Absent: ready as soon as it runs. */
  readyz: z.strictObject({ httpGet }).optional(),
  volumeMounts: z.array(volumeMount).max(32).superRefine(uniqueBy("mountPath")).default([]),
});
