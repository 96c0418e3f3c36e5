import { z } from "zod";
import { apiVersion, clusterMetadata } from "./metadata.ts";
import { matching, sandboxClass } from "./scalars.ts";

const asset = z.strictObject({
  url: z
    .string()
    .max(2048)
    .refine((text) => isAssetUrl(text), { error: "should be a URL without user and password" }),
  sha256: matching(/^[a-f0-9]{64}$/, 64),
});

export const sandboxConfigSchema = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("SandboxConfig"),
  metadata: clusterMetadata,
  spec: z.strictObject({
    sandboxClass,
    /** For pools of this class that name no config. At most one a class. */
    default: z.boolean().default(false),
    /** By architecture (`amd64`, `arm64`) and by the name that the back end knows the asset under. */
    assets: z
      .record(matching(/^[a-z0-9_]+$/, 32), z.record(matching(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 63), asset))
      .default({}),
    /** How one machine starts the back end: absolute path and arguments. Only root or the owner may set it. */
    localCommand: z
      .array(z.string().min(1).max(4096))
      .max(64)
      .refine((command) => command[0] === undefined || command[0].startsWith("/"), {
        error: "should begin with an absolute path",
      })
      .default([]),
    /** For a program that knows no base path but the historical one. */
    fixedBasePath: z.boolean().default(false),
    /** So many workers share one process on one machine. */
    workersPerProcess: z.int().min(1).max(64).default(1),
  }),
  status: z.looseObject({}).optional(),
});

/** How a sandbox class is run. Belongs to the cluster. */
export type SandboxConfig = z.output<typeof sandboxConfigSchema>;

function isAssetUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.username === "" && url.password === "";
}
