import { z } from "zod";
import { namespacedMetadata } from "./metadata.ts";

const keys = z
  .string()
  .max(253)
  .regex(/^[-._A-Za-z0-9]+$/);
const base64 = z
  .string()
  .refine((text) => /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text), { error: "should be base64" });

export const secretSchema = z
  .strictObject({
    apiVersion: z.literal("v1"),
    kind: z.literal("Secret"),
    metadata: namespacedMetadata,
    type: z.string().max(253).default("Opaque"),
    immutable: z.boolean().optional(),
    data: z.record(keys, base64).default({}),
    /** Plain texts; `parseResource` moves them into `data`. */
    stringData: z.record(keys, z.string()).default({}),
  })
  .transform(({ stringData, data, ...secret }) => ({
    ...secret,
    data: {
      ...data,
      ...Object.fromEntries(
        Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
      ),
    },
  }))
  .refine(({ data }) => Object.values(data).join("").length <= 1_398_104, {
    error: "should hold at most 1 MiB",
    path: ["data"],
  });

/** Values for `secretKeyRef`, in base64. Never shown, logged or put into an error. */
export type Secret = z.output<typeof secretSchema>;

/** The value under `key` as text, or undefined. */
export function readSecret(secret: Secret, key: string): string | undefined {
  const value = Object.hasOwn(secret.data, key) ? secret.data[key] : undefined;
  return value === undefined ? undefined : Buffer.from(value, "base64").toString();
}
