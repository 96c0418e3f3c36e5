// The values that several kinds share. Each schema's message completes the sentence "<field> …".
import { z } from "zod";
import {
  InvalidInput,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateLabels,
  validateMountPath,
  validateSnapshotUriPrefix,
} from "../names.ts";

const anyField = "value";

/** A schema for strings from one of the contract's validators. */
function validated(validate: (field: string, value: string) => unknown) {
  return z.string().superRefine((value, context) => {
    try {
      validate(anyField, value);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      context.addIssue({ code: "custom", message: error.message.slice(`${anyField}: `.length) });
    }
  });
}

/** A string of 1..`max` characters that matches `pattern`. */
export function matching(pattern: RegExp, max: number) {
  return z.string().superRefine((value, context) => {
    const shown = JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
    if (value === "") context.addIssue({ code: "custom", message: "should not be empty" });
    else if (value.length > max) {
      context.addIssue({ code: "custom", message: `should have at most ${max} characters` });
    } else if (!pattern.test(value)) {
      context.addIssue({ code: "custom", message: `${shown} should match ${pattern.source}` });
    }
  });
}

export const dnsLabel = validated(validateDns1123Label);
export const dnsSubdomain = validated(validateDns1123Subdomain);
export const mountPath = validated(validateMountPath);
export const snapshotLocation = validated(validateSnapshotUriPrefix);

/** Open: a third party's class needs no change here. */
export const sandboxClass = matching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 63).default("gvisor");

export const port = z.int().min(1).max(65535);

/** Pinned by digest, so that a snapshot always meets the same files. */
export const pinnedImage = z
  .string()
  .max(1024)
  .superRefine((image, context) => {
    const local = /^local\/([^/@]*)@sha256:[a-f0-9]{64}$/;
    if (image === "" || /\s/.test(image)) {
      context.addIssue({ code: "custom", message: "should be an image reference" });
    } else if (!image.includes("@")) {
      context.addIssue({
        code: "custom",
        message: `${JSON.stringify(image)} should be pinned by digest, as NAME@sha256:…`,
      });
    } else if (image.startsWith("local/") && !local.test(image)) {
      context.addIssue({ code: "custom", message: `${JSON.stringify(image)} should match ${local.source}` });
    }
  });

export const labels = z.record(z.string(), z.string()).superRefine((value, context) => {
  try {
    validateLabels(anyField, value, 64);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    context.addIssue({ code: "custom", message: error.message.replace(/^value(: )?/, "") });
  }
});

/** Environment names: no `=` and no zero, which the kernel's form cannot hold. */
export const envName = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => !/[=\0]/.test(name), { error: "should hold no = and no zero character" });
export const envValue = z
  .string()
  .max(131_072)
  .refine((value) => !value.includes("\0"), { error: "should hold no zero character" });

/** Refuses two entries with the same key. `key` names the field that repeats. */
export function uniqueBy<T>(key: keyof T & string) {
  return (entries: readonly T[], context: z.core.$RefinementCtx<readonly T[]>) => {
    const seen = new Set<unknown>();
    for (const [index, entry] of entries.entries()) {
      if (seen.has(entry[key])) {
        context.addIssue({
          code: "custom",
          path: [index, key],
          message: `${JSON.stringify(entry[key])} is there twice`,
        });
      }
      seen.add(entry[key]);
    }
  };
}
